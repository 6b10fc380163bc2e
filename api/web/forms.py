"""The subject form: from what a browser sent, or from a recorded subject, to a ScreeningRequest, and back with errors.

The form keeps everything as it was typed, so that a refused form comes back whole. It decides nothing about content:
the service reads dates, countries and numbers, and its complaints are put beside the fields they are about.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import ValidationError
from starlette.datastructures import FormData

from api.advice import complaints
from api.web.presenters.problem import FieldProblem
from api.web.text import _
from core.errors import FieldError, InvalidInput
from lists.countries import name as country_name
from screening.request import ScreeningRequest

MOST_IDENTIFIERS: Final = 20
"""As many as `SubjectInput.identifiers` takes."""

IDENTIFIER_TYPES: Final = (
    ("inn", _("INN (Russia)")),
    ("ogrn", _("OGRN (Russia)")),
    ("national_id", _("National ID")),
    ("passport", _("Passport")),
    ("imo", _("IMO number")),
    ("bic", _("BIC, SWIFT")),
    ("lei", _("LEI")),
    ("registration", _("Registration no.")),
    ("tax_id", _("Tax number")),
    ("mmsi", _("MMSI")),
    ("aircraft_tail", _("Aircraft tail no.")),
    ("crypto_wallet:XBT", _("Bitcoin wallet")),
    ("crypto_wallet:ETH", _("Ethereum wallet")),
    ("crypto_wallet:TRX", _("Tron wallet")),
)
"""Canonical types (`GET /v1/identifier-types`) that papers of this trade carry; the API takes all of them."""

FIRST_TYPE: Final = {"person": "passport", "vessel": "imo", "aircraft": "aircraft_tail"}
"""The identifier asked for first, by kind; for companies, and where no kind is given, it is the INN."""

NATIONAL: Final = frozenset({"passport", "national_id", "registration", "tax_id"})
"""Numbers that mean something only together with their country."""

GENDERS: Final = (("", _("Not given")), ("male", _("Male")), ("female", _("Female")))

COUNTRIES: Final = (
    "Iran",
    "Russia",
    "Türkiye",
    "United Arab Emirates",
    "Kazakhstan",
    "Azerbaijan",
    "Turkmenistan",
    "Armenia",
    "Georgia",
    "China",
    "Hong Kong",
    "India",
    "Iraq",
    "Oman",
    "Panama",
    "Uzbekistan",
)
"""Suggestions only, the countries such trade passes through; any country may be written."""

LABELS: Final = {
    "name": _("Name"),
    "kind": _("Kind"),
    "country": _("Country"),
    "birth": _("Birth date"),
    "gender": _("Gender"),
    "others": _("Other names"),
    "address": _("Address"),
    "ref": _("Your reference"),
}
FIELD_IDS: Final = {
    "name": "name",
    "kind": "kind",
    "countries": "country",
    "birth_date": "birth",
    "gender": "gender",
    "other_names": "others",
    "addresses": "address",
    "reference": "ref",
}
"""Field of the request → id of its form field."""


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """One identifier as typed."""

    type: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class SubjectForm:
    """The form as it stands. `once` makes a form sent twice one screening; `errors` maps field ids to complaints."""

    name: str = ""
    kind: str = ""
    country: str = ""
    birth: str = ""
    gender: str = ""
    others: str = ""
    address: str = ""
    reference: str = ""
    identifiers: tuple[IdentifierRow, ...] = (IdentifierRow("inn"),)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def identifier_types(self) -> tuple[tuple[str, str], ...]:
        """The types on offer, with any that a recorded subject brought along."""
        known = {value for value, _word in IDENTIFIER_TYPES}
        more = dict.fromkeys(row.type for row in self.identifiers if row.type not in known)
        return IDENTIFIER_TYPES + tuple((value, value) for value in more)

    @property
    def genders(self) -> tuple[tuple[str, str], ...]:
        """The genders on offer, with any other that was sent."""
        known = {value for value, _word in GENDERS}
        return GENDERS if self.gender in known else (*GENDERS, (self.gender, self.gender))

    @property
    def countries(self) -> tuple[str, ...]:
        """Suggestions for the country field."""
        return COUNTRIES

    @property
    def may_add(self) -> bool:
        """Whether one more identifier fits."""
        return len(self.identifiers) < MOST_IDENTIFIERS

    @property
    def more_open(self) -> bool:
        """Whether the folded part of the form holds something."""
        return bool(self.gender or self.others or self.address or self.errors.keys() & {"gender", "others", "address"})

    @property
    def idempotency_key(self) -> str:
        """A key for this form with this content: sent twice it is one screening, changed and sent again it is two."""
        content = repr(replace(self, errors={}))
        return f"console-{self.once}-{hashlib.sha256(content.encode()).hexdigest()[:24]}"

    def with_another_identifier(self) -> "SubjectForm":
        """Return the form with one more empty identifier."""
        return replace(self, identifiers=(*self.identifiers, IdentifierRow("inn"))) if self.may_add else self

    def with_errors(self, problems: Sequence[FieldProblem]) -> "SubjectForm":
        """Return the form with complaints beside the fields they are about."""
        return replace(self, errors={p.anchor: p.message for p in reversed(problems) if p.anchor})


def from_post(data: FormData) -> SubjectForm:
    """Return the form as the browser sent it. Unknown fields are ignored here: browsers and extensions add some."""
    types, values = data.getlist("id_type"), data.getlist("id_value")
    rows = tuple(IdentifierRow(str(t), str(v)) for t, v in zip(types, values, strict=False))[:MOST_IDENTIFIERS]
    token = str(data.get("once", ""))
    return SubjectForm(
        name=str(data.get("name", "")),
        kind=str(data.get("kind", "")),
        country=str(data.get("country", "")),
        birth=str(data.get("birth", "")),
        gender=str(data.get("gender", "")),
        others=str(data.get("others", "")),
        address=str(data.get("address", "")),
        reference=str(data.get("reference", "")),
        identifiers=rows or (IdentifierRow("inn"),),
        once=token if re.fullmatch(r"[\w-]{8,40}", token) else secrets.token_urlsafe(12),
    )


def from_record(subject: Mapping[str, Any], reference: str | None) -> SubjectForm:
    """Return a fresh form filled with a recorded subject, to correct a fact and screen again."""
    kind = str(subject.get("kind") or "")
    rows = tuple(_recorded_row(identifier) for identifier in subject.get("identifiers") or ())
    return SubjectForm(
        name=str(subject.get("name") or ""),
        kind=kind,
        country=", ".join(country_name(str(c)) for c in subject.get("countries") or ()),
        birth=str(subject.get("birth_date") or ""),
        gender=str(subject.get("gender") or ""),
        others="\n".join(str(n) for n in subject.get("other_names") or ()),
        address="; ".join(str(a) for a in subject.get("addresses") or ()),
        reference=reference or "",
        identifiers=rows or (IdentifierRow(FIRST_TYPE.get(kind, "inn")),),
    )


def to_request(form: SubjectForm) -> ScreeningRequest:
    """Return what the form asks. Raises InvalidInput, naming each field, where nothing is asked or a field is no text
    the request takes.
    """
    countries = _split(form.country, ",;")
    identifiers = [_identifier(row, countries) for row in form.identifiers if row.value.strip()]
    if not form.name.strip() and not identifiers:
        message = _("Give a name or an identifier; one of them is enough.")
        raise InvalidInput(message, [FieldError("subject.name", message)])
    try:
        return ScreeningRequest.model_validate(
            {
                "reference": form.reference.strip() or None,
                "subject": {
                    "name": form.name,
                    "kind": form.kind or None,
                    "other_names": _split(form.others, "\n"),
                    "birth_date": form.birth.strip() or None,
                    "countries": countries,
                    "gender": form.gender.strip() or None,
                    "identifiers": identifiers,
                    "addresses": [form.address] if form.address.strip() else [],
                },
            }
        )
    except ValidationError as error:
        wrong = [FieldError(c["field"], c["message"]) for c in complaints(_under_body(error))]
        raise InvalidInput(_("Some fields cannot be read."), wrong) from error


def field_problems(form: SubjectForm, errors: Sequence[FieldError]) -> tuple[FieldProblem, ...]:
    """Return each complaint with the id and the label of the form field it is about."""
    return tuple(_field_problem(form, error) for error in errors)


def _field_problem(form: SubjectForm, error: FieldError) -> FieldProblem:
    path = [part for part in re.split(r"[.\[\]]+", error.field) if part and part != "subject"]
    if path[:1] == ["identifiers"] and len(path) > 1 and path[1].isdigit():
        return _identifier_problem(form, int(path[1]), path[2:], error.message)
    anchor = FIELD_IDS.get(path[0], "") if path else ""
    return FieldProblem(LABELS.get(anchor, error.field or _("Request")), error.message, anchor)


def _identifier_problem(form: SubjectForm, index: int, rest: list[str], message: str) -> FieldProblem:
    """The request leaves empty rows out, so its n-th identifier is the form's n-th filled row."""
    filled = [at for at, row in enumerate(form.identifiers) if row.value.strip()]
    if index >= len(filled):
        return FieldProblem(_("Identifiers"), message, "id-value-0")
    row = filled[index]
    words = dict(form.identifier_types)
    label = words.get(form.identifiers[row].type, _("Identifier"))
    if rest == ["country"]:
        return FieldProblem(label, message, "country")
    return FieldProblem(label, message, f"id-{'type' if rest == ['type'] else 'value'}-{row}")


def _identifier(row: IdentifierRow, countries: list[str]) -> dict[str, str | None]:
    """A wallet's currency travels where other numbers have their country."""
    kind, _colon, currency = row.type.partition(":")
    only = countries[0] if len(countries) == 1 and kind in NATIONAL else None
    return {"type": kind, "value": row.value, "country": currency or only}


def _recorded_row(identifier: Mapping[str, Any]) -> IdentifierRow:
    kind = str(identifier["type"])
    currency = identifier.get("country") if kind == "crypto_wallet" else None
    return IdentifierRow(f"{kind}:{currency}" if currency else kind, str(identifier["value"]))


def _split(text: str, separators: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{separators}]", text) if part.strip()]


def _under_body(error: ValidationError) -> list[dict[str, Any]]:
    return [{**dict(item), "loc": ("body", *item["loc"])} for item in error.errors(include_url=False)]
