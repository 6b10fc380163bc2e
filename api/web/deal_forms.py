"""The deal form: from what a browser sent to a Deal, and back with errors. It keeps everything as it was typed.

Rows grow without script: a button sends the form with `add` or `remove`, and it comes back with a row more or less.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from pydantic import ValidationError
from starlette.datastructures import FormData

from api.advice import complaints
from api.web.forms import NATIONAL
from api.web.presenters.cargo import NEXUS as NEXUS
from api.web.presenters.deal import ROLES
from api.web.presenters.problem import FieldProblem
from api.web.text import _
from core.errors import FieldError, InvalidInput
from screening.deals.deal import BANKS, Deal, PartyRole

MOST_PARTIES, MOST_GOODS, MOST_STOPS = 60, 50, 20
"""As many as `Deal` takes."""

OWN_FIELD: Final = frozenset({"imo", "bic"})
"""Numbers that have a field of their own in a deal."""

LEGS: Final = ("", "sea", "river", "rail", "road", "air")
CHANNELS: Final = ("", "swift", "spfs", "mir", "sepam", "cash", "gold", "crypto", "exchange_house", "barter")
INCOTERMS: Final = ("", *["EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"])
LABELS: Final = {"parties": _("Party %d"), "goods": _("Goods %d"), "route": _("Place %d")}


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party as typed. `owners` has one owner on each line: name; share; country."""

    role: str = "seller"
    name: str = ""
    country: str = ""
    type: str = "inn"
    number: str = ""
    owners: str = ""


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One kind of goods as typed."""

    hs: str = ""
    description: str = ""
    origin: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class StopRow:
    """One place of the route as typed: a name or a UN/LOCODE."""

    kind: str = "load"
    place: str = ""
    mode: str = ""


START: Final = tuple(PartyRow(role) for role in ("seller", "buyer", "end_user"))


@dataclass(frozen=True, slots=True)
class DealForm:
    """The form as it stands. `errors` maps the id of a row's first field to what is wrong in that row."""

    parties: tuple[PartyRow, ...] = START
    goods: tuple[GoodsRow, ...] = (GoodsRow(),)
    route: tuple[StopRow, ...] = (StopRow(), StopRow("discharge"))
    reference: str = ""
    amount: str = ""
    currency: str = ""
    channel: str = ""
    incoterm: str = ""
    nexus: frozenset[str] = frozenset()
    once: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    errors: tuple[FieldProblem, ...] = ()

    @property
    def idempotency_key(self) -> str:
        """A key for this form with this content: sent twice it is one deal, changed and sent again it is two."""
        content = repr(replace(self, errors=(), nexus=frozenset())) + repr(sorted(self.nexus))
        return f"console-{self.once}-{hashlib.sha256(content.encode()).hexdigest()[:24]}"

    def changed(self, add: str, remove: str) -> "DealForm":
        """Return the form with a row more (`goods`, `route`, or a party by its role) or without the party `remove`."""
        if remove.isdigit():
            kept = tuple(row for at, row in enumerate(self.parties) if at != int(remove))
            return replace(self, parties=kept or (PartyRow(),))
        if add == "goods":
            return replace(self, goods=(*self.goods, GoodsRow())[:MOST_GOODS])
        if add == "route":
            return replace(self, route=(*self.route, StopRow("destination"))[:MOST_STOPS])
        if add in ROLES:
            return replace(self, parties=(*self.parties, PartyRow(add, type=_number_of(add)))[:MOST_PARTIES])
        return self


def from_post(data: FormData) -> DealForm:
    """Return the form as the browser sent it. Unknown fields are ignored: browsers and extensions add some."""
    token = str(data.get("once", ""))
    return DealForm(
        parties=tuple(PartyRow(*row) for row in _rows(data, "p", PartyRow))[:MOST_PARTIES] or (PartyRow(),),
        goods=tuple(GoodsRow(*row) for row in _rows(data, "g", GoodsRow))[:MOST_GOODS] or (GoodsRow(),),
        route=tuple(StopRow(*row) for row in _rows(data, "r", StopRow))[:MOST_STOPS] or (StopRow(),),
        reference=str(data.get("reference", "")),
        amount=str(data.get("amount", "")),
        currency=str(data.get("currency", "")),
        channel=str(data.get("channel", "")),
        incoterm=str(data.get("incoterm", "")),
        nexus=frozenset(str(name) for name in data.getlist("nexus")),
        once=token if re.fullmatch(r"[\w-]{8,40}", token) else secrets.token_urlsafe(12),
    )


def from_record(said: Mapping[str, Any]) -> DealForm | None:
    """Return a fresh form filled with a recorded deal, to correct a fact and assess again. None where the form has no
    room for all that the deal says: it must not lose a fact silently.
    """
    payment = said.get("payment") or {}
    form = DealForm(
        parties=tuple(_party_row(party) for party in said["parties"]),
        goods=tuple(GoodsRow(**_texts(good, GoodsRow)) for good in said.get("goods") or ()) or (GoodsRow(),),
        route=tuple(
            StopRow(stop["kind"], stop.get("unlocode") or stop.get("name") or "", stop.get("mode") or "")
            for stop in said.get("route") or ()
        )
        or DealForm().route,
        reference=said.get("reference") or "",
        amount=payment.get("amount") or "",
        currency=payment.get("currency") or "",
        channel=payment.get("channel") or "",
        incoterm=said.get("incoterm") or "",
        nexus=frozenset(name for name, held in (said.get("nexus") or {}).items() if held),
    )
    try:
        again = to_deal(form).model_dump(mode="json", exclude_defaults=True)
    except InvalidInput:
        return None
    return form if again == said else None


def to_deal(form: DealForm) -> Deal:
    """Return the deal that the form says, without its empty rows. Raises InvalidInput naming each unreadable field."""
    try:
        return Deal.model_validate(
            {
                "reference": form.reference.strip() or None,
                "parties": [_party(row) for row in form.parties if _said(row.name, row.number)],
                "goods": [_goods(row) for row in form.goods if _said(row.hs, row.description)],
                "route": [_stop(row) for row in form.route if _said(row.place)],
                "payment": {
                    "currency": form.currency.strip() or None,
                    "amount": form.amount.replace(",", "").strip() or None,
                    "channel": form.channel or None,
                },
                "incoterm": form.incoterm or None,
                "nexus": {name: name in form.nexus for name, _word in NEXUS},
            }
        )
    except ValidationError as error:
        found = [{**dict(one), "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        wrong = [FieldError(c["field"], c["message"]) for c in complaints(found)]
        raise InvalidInput(_("Some fields cannot be read."), wrong) from error


def problems(form: DealForm, errors: Sequence[FieldError]) -> tuple[FieldProblem, ...]:
    """Return each complaint with the row it is about, and the id of that row's first field."""
    filled = {
        "parties": [at for at, row in enumerate(form.parties) if _said(row.name, row.number)],
        "goods": [at for at, row in enumerate(form.goods) if _said(row.hs, row.description)],
        "route": [at for at, row in enumerate(form.route) if _said(row.place)],
    }
    return tuple(_problem(error, filled) for error in errors)


def _problem(error: FieldError, filled: dict[str, list[int]]) -> FieldProblem:
    steps = error.field.split(".")
    rows = filled.get(steps[0], [])
    if len(steps) > 1 and steps[1].isdigit() and int(steps[1]) < len(rows):
        at, last = rows[int(steps[1])], next((s for s in reversed(steps[2:]) if not s.isdigit()), "")
        label = " ".join(part for part in (LABELS[steps[0]] % (at + 1), last) if part)
        return FieldProblem(label, error.message, f"{steps[0]}-{at}")
    if steps[0] == "parties":
        return FieldProblem(_("Parties"), _("Name at least one party, or give its number."), "parties-0")
    anchor = steps[-1] if steps[-1] in {"amount", "currency", "channel", "incoterm", "reference"} else ""
    return FieldProblem(steps[-1].replace("_", " ").capitalize(), error.message, anchor)


def _rows(data: FormData, prefix: str, row: type[Any]) -> list[tuple[str, ...]]:
    columns = [[str(value) for value in data.getlist(f"{prefix}_{one.name}")] for one in fields(row)]
    return list(zip(*columns, strict=False))


def _said(*texts: str) -> bool:
    return any(text.strip() for text in texts)


def _party(row: PartyRow) -> dict[str, Any]:
    said: dict[str, Any] = {"roles": [row.role], "name": row.name, "countries": _list(row.country)}
    if row.role == PartyRole.VESSEL:
        said |= {"countries": [], "flag": row.country.strip() or None}
    if row.number.strip():
        kind, _colon, currency = row.type.partition(":")
        only = said["countries"][0] if len(said["countries"]) == 1 and kind in NATIONAL else None
        if kind in OWN_FIELD:
            said[kind] = row.number
        else:
            said["identifiers"] = [{"type": kind, "value": row.number, "country": currency or only}]
    said["owners"] = [_owner(line) for line in row.owners.splitlines() if line.strip()]
    return said


def _party_row(party: Mapping[str, Any]) -> PartyRow:
    role = party["roles"][0]
    numbers = [(name, party[name]) for name in sorted(OWN_FIELD) if party.get(name)]
    numbers += [(given["type"], given["value"]) for given in party.get("identifiers") or ()]
    kind, number = numbers[0] if numbers else (_number_of(role), "")
    lines = (
        "; ".join([one.get("name") or "", one.get("percent") or "", ", ".join(one.get("countries") or ())])
        for one in party.get("owners") or ()
    )
    country = party.get("flag") or ", ".join(party.get("countries") or ())
    return PartyRow(role, party.get("name") or "", country, kind, number, "\n".join(lines))


def _texts(said: Mapping[str, Any], row: type[Any]) -> dict[str, str]:
    return {one.name: str(said[one.name]) for one in fields(row) if said.get(one.name)}


def _owner(line: str) -> dict[str, Any]:
    name, share, country = ([part.strip() for part in line.split(";")] + ["", ""])[:3]
    return {"name": name, "percent": share.rstrip("% ") or None, "countries": _list(country)}


def _goods(row: GoodsRow) -> dict[str, Any]:
    value = row.value.replace(",", "").strip()
    return {
        "hs": row.hs.strip() or None,
        "description": row.description,
        "origin": row.origin.strip() or None,
        "value": value or None,
    }


def _stop(row: StopRow) -> dict[str, Any]:
    """A place of five letters in capitals is a UN/LOCODE (two of the country, three of the place)."""
    code = re.fullmatch(r"[A-Z]{2} ?[A-Z2-9]{3}", row.place.strip())
    place = {"unlocode": row.place.strip().replace(" ", "")} if code else {"name": row.place}
    return {"kind": row.kind, "mode": row.mode or None, **place}


def _list(text: str) -> list[str]:
    return [part.strip() for part in re.split("[,;]", text) if part.strip()]


def _number_of(role: str) -> str:
    """The number asked for first, by role: a ship's IMO, a bank's BIC, else an INN."""
    return "imo" if role == PartyRole.VESSEL else "bic" if role in BANKS else "inn"
