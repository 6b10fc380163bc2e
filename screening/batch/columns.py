"""Columns: which column of a table says what, by its header or as the caller says; and a row as a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from core.errors import FieldError, InvalidInput
from screening.batch.reading import Row
from screening.reading import Read, read_request
from screening.request import ScreeningRequest

HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "company", "company name", "counterparty", "vendor", "customer", "название",
             "наименование", "имя", "фио", "контрагент", "компания", "نام", "نام شرکت",
             "نام و نام خانوادگی", "طرف حساب"),
    "other_names": ("other names", "aliases", "alias", "aka", "другие названия", "псевдонимы", "نام های دیگر"),
    "kind": ("kind", "type", "schema", "тип", "вид", "نوع"),
    "birth_date": ("birth date", "date of birth", "dob", "birthdate", "дата рождения", "تاریخ تولد"),
    "countries": ("country", "countries", "nationality", "citizenship", "flag", "страна", "гражданство", "флаг",
                  "کشور", "تابعیت", "ملیت", "پرچم"),
    "gender": ("gender", "sex", "пол", "جنسیت"),
    "addresses": ("address", "addresses", "адрес", "آدرس", "نشانی"),
    "reference": ("reference", "ref", "id", "code", "номер", "код", "شماره", "کد"),
    "identifiers": ("identifiers", "identifier", "ids"),
    "imo": ("imo", "imo number", "имо", "номер имо"),
    "inn": ("inn", "инн"),
    "ogrn": ("ogrn", "огрн"),
    "lei": ("lei",),
    "bic": ("bic", "swift", "swift/bic"),
    "passport": ("passport", "passport number", "паспорт", "گذرنامه", "شماره گذرنامه"),
}  # fmt: skip
"""Field → how a header may call it, in English, Russian and Persian (as `_folded` writes it)."""

IDENTIFIERS = ("imo", "inn", "ogrn", "lei", "bic", "passport")
LISTS = ("other_names", "countries", "addresses")
SEARCHED = ("name", "other_names", "identifiers", *IDENTIFIERS)
"""A table needs a column for one of these."""

BETWEEN = "|"
"""Between several values in one cell: neither a CSV delimiter nor part of a name or an address."""

_PERSIAN = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "_": " ", "-": " "})


@dataclass(frozen=True, slots=True)
class Columns:
    """Field → position of its column in the table."""

    places: Mapping[str, int]

    def request(self, row: Row) -> tuple[ScreeningRequest, Read]:
        """Return a row as a request, and that read. Raises InvalidInput with a field and a reason for each fault."""
        if row.fault:
            raise InvalidInput(row.fault)
        cells = {field: row.cells[at].strip() for field, at in self.places.items() if at < len(row.cells)}
        given = {field: cell for field, cell in cells.items() if cell}
        subject: dict[str, object] = {
            field: [part.strip() for part in cell.split(BETWEEN) if part.strip()] if field in LISTS else cell
            for field, cell in given.items()
            if field not in (*IDENTIFIERS, "identifiers", "reference")
        }
        if isinstance(kind := subject.get("kind"), str):
            subject["kind"] = kind.lower()
        numbers: list[dict[str, str]] = [
            {"type": field, "value": given[field]} for field in IDENTIFIERS if field in given
        ]
        numbers += [_identifier(part) for part in given.get("identifiers", "").split(BETWEEN) if part.strip()]
        asked = {"subject": subject | {"identifiers": numbers}, "reference": given.get("reference")}
        try:
            request = ScreeningRequest.model_validate(asked)
        except ValidationError as error:
            wrong = [FieldError(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
            raise InvalidInput("the row cannot be read", wrong) from error
        return request, read_request(request)


def _identifier(text: str) -> dict[str, str]:
    """`imo:9187629` or `passport:IR:A123456` as its parts."""
    type_, _, value = text.strip().partition(":")
    middle, colon, last = value.partition(":")
    return {"type": type_, "country": middle, "value": last} if colon else {"type": type_, "value": value}


def map_columns(
    header: Sequence[str], chosen: Mapping[str, str] | None = None, saved: Mapping[str, str] | None = None
) -> Columns:
    """Return which column says what. `chosen` (field → header) goes before what the headers themselves say; of two
    columns that say the same the first counts. A `saved` mapping (field → header) says all, so that what it leaves out
    stays out; `chosen` goes before it too.

    Raises InvalidInput for a field or a header that is not known, and when no column can be searched for.
    """
    places: dict[str, int] = {}
    for field, name in {**(saved or {}), **(chosen or {})}.items():
        if field not in HEADERS:
            raise InvalidInput(f"{field!r} is no field of a subject; there are {', '.join(HEADERS)}")
        if name not in header:
            raise InvalidInput(f"the table has no column {name!r}; it has {', '.join(header)}")
        places[field] = header.index(name)
    known = {form: field for field, forms in HEADERS.items() for form in forms}
    for at, name in enumerate(header if saved is None else ()):
        field = known.get(_folded(name), "")
        if field and at not in places.values():
            places.setdefault(field, at)
    if not any(field in places for field in SEARCHED):
        shown = ", ".join(header[:20])
        raise InvalidInput(f"no column holds names or numbers to search for; say which one does. It has: {shown}")
    return Columns(places)


def _folded(header: str) -> str:
    return " ".join(header.translate(_PERSIAN).casefold().split())
