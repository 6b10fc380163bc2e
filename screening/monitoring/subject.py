"""A kept subject: what a caller may say of it, and the cells of a table in which it is stored and screened again. Pure.

It is stored as a row of a table is, so that whoever screens tables screens kept subjects too, by the same code.
"""

import json
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.errors import FieldError, InvalidInput
from lists.entity import Kind
from screening.batch.columns import BETWEEN, Columns
from screening.batch.reading import Row
from screening.request import Country, IdentifierInput, ScreeningRequest, Text

FIELDS = (
    *("reference", "name", "kind", "other_names", "birth_date", "countries", "gender", "addresses"),
    "identifiers",
)
"""The columns of the table that kept subjects are screened as; `Columns` reads each by its name."""

COLUMNS = Columns({field: place for place, field in enumerate(FIELDS)})


class KeptSubject(BaseModel):
    """Whom to keep under monitoring: a name, an identifier, or both, and what helps to tell two of one name apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    kind: Kind | None = None
    other_names: tuple[Text, ...] = Field((), max_length=20)
    birth_date: Text | None = None
    countries: tuple[Country, ...] = Field((), max_length=20)
    gender: Text | None = None
    identifiers: tuple[IdentifierInput, ...] = Field((), max_length=20)
    addresses: tuple[Text, ...] = Field((), max_length=20)
    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None


def cells_of(kept: KeptSubject) -> tuple[str, ...]:
    """Return a subject as cells. Raises InvalidInput, by field, for what cannot be read or stored."""
    errors = [
        FieldError(f"{field}.{at}", f"write it without {BETWEEN!r}")
        for field in ("other_names", "countries", "addresses")
        for at, value in enumerate(getattr(kept, field))
        if BETWEEN in value
    ]
    if errors:
        raise InvalidInput("the subject cannot be kept; nothing was", errors)
    values = {
        "reference": kept.reference or "",
        "name": kept.name,
        "kind": "" if kept.kind is None else kept.kind.value,
        "birth_date": kept.birth_date or "",
        "gender": kept.gender or "",
        "identifiers": BETWEEN.join(_identifier_text(identifier) for identifier in kept.identifiers),
    } | {field: BETWEEN.join(getattr(kept, field)) for field in ("other_names", "countries", "addresses")}
    cells = tuple(values[field] for field in FIELDS)
    COLUMNS.request(Row(0, cells))
    return cells


def cells_of_row(row: Row, columns: Columns) -> tuple[str, ...]:
    """Return a row of any table as a kept subject's cells. Raises InvalidInput for a row that cannot be read."""
    request, _ = columns.request(row)
    return cells_of(_kept(request))


def shown(cells: Sequence[str]) -> KeptSubject:
    """Return stored cells as the subject that was kept."""
    request, _ = COLUMNS.request(Row(0, tuple(cells)))
    return _kept(request)


def stored(cells: Sequence[str]) -> str:
    """Return cells as they are stored."""
    return json.dumps(list(cells), ensure_ascii=False)


def _kept(request: ScreeningRequest) -> KeptSubject:
    fields = {name: getattr(request.subject, name) for name in KeptSubject.model_fields if name != "reference"}
    return KeptSubject(reference=request.reference, **fields)


def _identifier_text(given: IdentifierInput) -> str:
    return ":".join(part for part in (given.type, given.country, given.value.replace(":", " ")) if part)
