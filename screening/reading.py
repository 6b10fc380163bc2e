"""Reading: a ScreeningRequest as a Subject. What cannot be read is refused by field; what is odd becomes a warning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TypeVar

from core.errors import FieldError, InvalidInput
from lists.countries import country
from lists.dates import read_birth_date
from lists.entity import Identifier, PartialDate
from lists.identifiers import TYPES, IdentifierType, clean, is_valid, read_identifier
from screening.matching.subject import Subject
from screening.request import IdentifierInput, ScreeningRequest, SubjectInput

Value = TypeVar("Value")

GENDERS: Mapping[str, str] = {
    **dict.fromkeys(("male", "m", "man", "мужской", "муж", "м", "مرد", "مذکر"), "male"),
    **dict.fromkeys(("female", "f", "woman", "женский", "жен", "ж", "زن", "مونث", "مؤنث"), "female"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A request as the matcher takes it, with what was odd about it. Warnings name fields, never what stood in them."""

    subject: Subject
    warnings: tuple[str, ...]

    @property
    def searchable(self) -> bool:
        """True if there is a letter or digit to search for."""
        names = (self.subject.name, *self.subject.other_names)
        return bool(self.subject.identifiers) or any(letter.isalnum() for name in names for letter in name)

    @property
    def lacks_imo(self) -> bool:
        """True for a ship without a valid IMO number, in its field or in its name."""
        if self.subject.kind != "vessel":
            return False
        if any(number.type == "imo" for number in self.subject.identifiers):
            return False
        words = "".join(letter if letter.isalnum() else " " for letter in self.subject.name).split()
        return not any(is_valid("imo", word) for word in words)


@dataclass(slots=True)
class _Notes:
    errors: list[FieldError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def attempt(self, path: str, read: Callable[[], Value]) -> Value | None:
        try:
            return read()
        except ValueError as error:
            self.errors.append(FieldError(path, str(error)))
            return None


def read_request(request: ScreeningRequest) -> Read:
    """Return the request read. Raises InvalidInput that names every field which cannot be."""
    notes = _Notes()
    asked = request.subject
    _check_text(request, notes)
    if not asked.name and not asked.other_names and not asked.identifiers:
        notes.errors.append(FieldError("subject.name", "give a name, an identifier, or both"))
    subject = Subject(
        name=asked.name,
        kind=asked.kind,
        other_names=asked.other_names,
        birth_date=_birth_date(asked, notes),
        countries=_countries(asked, notes),
        gender=_gender(asked, notes),
        identifiers=tuple(_identifiers(asked, notes)),
        addresses=asked.addresses,
        vessel_type=asked.vessel_type or "",
        gross_tonnage=asked.gross_tonnage,
        built=asked.built,
    )
    if notes.errors:
        raise InvalidInput("the request cannot be read; nothing was screened", notes.errors)
    return Read(subject, tuple(notes.warnings))


def _check_text(request: ScreeningRequest, notes: _Notes) -> None:
    """Control characters have no place in a reference (it is shown and filtered by); in a name they are passed over."""
    if request.reference is not None and not request.reference.isprintable():
        notes.errors.append(FieldError("reference", "write it without control characters or line breaks"))


def _birth_date(asked: SubjectInput, notes: _Notes) -> PartialDate | None:
    text = asked.birth_date
    return None if text is None else notes.attempt("subject.birth_date", partial(read_birth_date, text))


def _countries(asked: SubjectInput, notes: _Notes) -> tuple[str, ...]:
    codes = [
        notes.attempt(f"subject.countries.{at}", partial(_country, text)) for at, text in enumerate(asked.countries)
    ]
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def _country(text: str) -> str:
    code = country(text)
    if code is None:
        raise ValueError(f"{text!r} is no country known here; write its two-letter code (IR, RU) or its English name")
    return code


def _gender(asked: SubjectInput, notes: _Notes) -> str | None:
    if asked.gender is None:
        return None
    gender = GENDERS.get(asked.gender.casefold())
    if gender is None:
        notes.errors.append(FieldError("subject.gender", "write male or female, or leave it out"))
    return gender


def _identifiers(asked: SubjectInput, notes: _Notes) -> list[Identifier]:
    found = []
    for at, given in enumerate(asked.identifiers):
        path = f"subject.identifiers.{at}"
        spec = _types().get(given.type.casefold())
        if spec is None:
            names = ", ".join(sorted({known.type for known in TYPES()}))
            notes.errors.append(FieldError(f"{path}.type", f"{given.type!r} is no known type; write one of {names}"))
            continue
        code = None
        if given.country is not None and spec.type != "crypto_wallet":
            code = notes.attempt(f"{path}.country", partial(_country, given.country))
            if code is None:
                continue
        identifier = _identifier(given, spec, code, path, notes)
        if identifier is not None:
            found.append(identifier)
    return found


def _identifier(
    given: IdentifierInput, spec: IdentifierType, code: str | None, path: str, notes: _Notes
) -> Identifier | None:
    """The identifier; one whose check digit fails is still searched for, since papers (and lists) have such, but said.

    A value that is no number at all is refused.
    """
    middle = given.country if spec.type == "crypto_wallet" else spec.country or code
    value = given.value.replace(":", " ")
    try:
        return read_identifier(":".join(part for part in (spec.type, middle, value) if part))
    except ValueError as error:
        cleaned = clean(spec.type, given.value)
        if is_valid(spec.type, given.value, spec.country or code) is False and any(map(str.isdigit, cleaned)):
            notes.warnings.append(
                f"{path}.value: its length or check digit is wrong for {spec.title}; it was searched as it stands"
            )
            return Identifier(type=spec.type, value=cleaned, country=spec.country or code, text=given.value)
        notes.errors.append(FieldError(f"{path}.value", str(error)))
        return None


@cache
def _types() -> Mapping[str, IdentifierType]:
    return {form.casefold(): spec for spec in TYPES() for form in (*spec.written_as, spec.type)}
