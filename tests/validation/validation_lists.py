"""A few listed entities, for validations that must run in a second."""

from lists.entity import Kind, ListedEntity, Name, NameType

RUSSIAN = (
    *(
        "Igor Olegovich SHCHEGOLEV",
        "Sergey Borisovich IVANOV",
        "Андрей Борисович ШЕИН",
        "Nikolai Platonovich PATRUSHEV",
    ),
    *("Kalashnikov Concern JSC", "Rosoboronexport OAO", "Foton Pro OOO", "Uralvagonzavod JSC"),
)
IRANIAN = (
    *("Mohammad Reza NAQDI", "Qasem SOLEIMANI", "Hossein SALAMI", "Mahmoud AHMADINEJAD"),
    *("Bank Melli Iran", "National Iranian Tanker Company", "Tehran Cement Company", "Ghadir Investment Company"),
)


def validation_lists() -> list[ListedEntity]:
    """Return sixteen entities in a fixed order: four persons, then four companies, of each country."""
    return [
        ListedEntity(
            id=f"made:{country}{number}",
            source="made",
            kind=Kind.PERSON if number < 4 else Kind.ORGANIZATION,
            names=(Name(name, NameType.PRIMARY),),
            nationalities=(country,),
        )
        for country, names in (("RU", RUSSIAN), ("IR", IRANIAN))
        for number, name in enumerate(names)
    ]
