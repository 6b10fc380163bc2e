"""A few listed entities made by hand, for tests of the matcher: real parties of the four lists, cut short."""

from datetime import date

from lists.entity import Identifier, Kind, ListedEntity, Name, NameType, PartialDate, Quality, VesselFacts

BIRTH = PartialDate(date(1957, 3, 11), date(1957, 3, 11))


def names(*values: str, weak: tuple[str, ...] = ()) -> tuple[Name, ...]:
    """Return the first as the primary name, the rest as aliases, those of `weak` as weak ones."""
    main, *others = values
    return (
        Name(main, NameType.PRIMARY),
        *(Name(value) for value in others),
        *(Name(value, quality=Quality.WEAK) for value in weak),
    )


def person(entity_id: str, *values: str, weak: tuple[str, ...] = (), born: PartialDate | None = None) -> ListedEntity:
    """Return a listed person."""
    return ListedEntity(
        entity_id, "ofac_sdn", Kind.PERSON, names(*values, weak=weak), birth_dates=(born,) if born else ()
    )


def company(entity_id: str, *values: str, identifiers: tuple[Identifier, ...] = ()) -> ListedEntity:
    """Return a listed company."""
    return ListedEntity(entity_id, "ofac_sdn", Kind.ORGANIZATION, names(*values), identifiers=identifiers)


def ship(entity_id: str, name: str, imo: str) -> ListedEntity:
    """Return a listed ship."""
    return ListedEntity(
        entity_id,
        "ofac_sdn",
        Kind.VESSEL,
        names(name),
        identifiers=(Identifier("imo", imo, text=f"IMO {imo}", strong=True),),
        vessel=VesselFacts(flag="RU", type="General Cargo", gross_tonnage=4182, built="2012"),
    )


def made_entities() -> tuple[ListedEntity, ...]:
    """Return the small list."""
    return (
        person("ofac:9", "Qasem SOLEIMANI", "Ghassem SOLEYMANI", "Qasem SULAIMANI", weak=("Haj Qasem",), born=BIRTH),
        person("ofac:10", "Mahmoud AHMADINEJAD", "محمود احمدی نژاد"),
        person("ofac:11", "Vladimir Rudolfovich SOLOVYOV"),
        person("ofac:12", "Alexander Ivanovich PETROV"),
        person("ofac:13", "Hossein SALAMI", "حسین سلامی"),
        company("ofac:20", "BANK MELLI IRAN", "BANK MELLI", "NATIONAL BANK OF IRAN"),
        company("ofac:21", "PROMSVYAZBANK PUBLIC JOINT STOCK COMPANY", "PROMSVYAZBANK"),
        company("ofac:22", "SIS D.O.O."),
        company("ofac:23", "TEHRAN PETROCHEMICAL COMPANY"),
        company(
            "ofac:24",
            "BANK OF INDUSTRY AND MINE",
            identifiers=(Identifier("bic", "BOIMIRTH", "IR", strong=True),),
        ),
        company("ofac:25", "CASPIAN PETROCHEMICAL FZE"),
        company("ofac:26", "ROSNEFT OIL COMPANY", "ROSNEFT"),
        ship("ofac:50585", "PORT OLYA-3", "9481910"),
        ship("ofac:50584", "PORT OLYA-4", "9481934"),
    )
