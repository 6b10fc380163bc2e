"""ScreeningRequest: what a door may ask, checked field by field, and its reading into a `Subject`."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from lists.entity import Kind

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Country = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IdentifierInput(_Input):
    """One number or code: `type` as in `GET /v1/identifier-types` (imo, inn, ogrn, bic, lei, passport …)."""

    type: Text
    value: Text
    country: Country | None = None


class SubjectInput(_Input):
    """Whom to screen. A name, an identifier, or both; everything else helps to tell two of one name apart."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    kind: Kind | None = None
    other_names: tuple[Text, ...] = Field((), max_length=20)
    birth_date: Text | None = Field(None, description="1961, 1961-04 or 1961-04-03; 1340-01-14 is read as Persian.")
    countries: tuple[Country, ...] = Field((), max_length=20, description="ISO 3166-1 code or English name.")
    gender: Text | None = None
    identifiers: tuple[IdentifierInput, ...] = Field((), max_length=20)
    addresses: tuple[Text, ...] = Field((), max_length=20)
    vessel_type: Text | None = None
    gross_tonnage: int | None = Field(None, ge=0, le=1_000_000)
    built: int | None = Field(None, ge=1850, le=2100)


class ScreeningRequest(_Input):
    """One screening. `reference` is the caller's own: a deal or file number; it is recorded, never searched.

    `as_of` is a past moment: the lists then in force are searched, and their coverage is judged at that moment.
    """

    subject: SubjectInput
    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    as_of: AwareDatetime | None = Field(
        None, description="A past moment (RFC 3339): search the lists that were in force then, not today's."
    )
