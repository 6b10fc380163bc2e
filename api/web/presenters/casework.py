"""What people made of a record: where its cases stand, and which of its matches were cleared before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from api.web.presenters import figures
from api.web.presenters.screening import OUTCOMES
from api.web.text import _
from screening.answer import CaseMark, ClearedMatch, Receipt
from screening.cases.case import Decision, State

STANDS: Final = {
    State.OPEN: _("A case is open: it waits for an officer."),
    State.ASSIGNED: _("A case is open: an officer is looking at it."),
    State.ESCALATED: _("The case is escalated: an approver decides."),
    State.AWAITING_APPROVAL: _("The case is decided and waits for a second person."),
}
CAME_TO: Final = {
    Decision.TRUE_MATCH: ("match", _("Decided: true match. Do not sign or pay.")),
    Decision.FALSE_POSITIVE: ("clear", _("Decided: false positive, it is somebody else.")),
}
DEAL_CAME_TO: Final = {
    Decision.TRUE_MATCH: ("stop", _("Decided: the rules apply. Do not sign or pay.")),
    Decision.FALSE_POSITIVE: ("clear", _("Decided: what spoke against the deal does not apply, or is licensed.")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence with its mark. `case_id` leads whoever sees cases to it."""

    kind: str
    text: str
    case_id: str = ""


def casework(receipt: Receipt, names: Mapping[str, str], parties: Mapping[str, str] | None = None) -> tuple[Line, ...]:
    """Return what people made of a record; `names` are its listed entities by id. Of a deal, `parties` are its parties'
    names by path: a case that is of none of them is the deal's own.
    """
    lines = [_case(mark) if parties is None else _case_of_deal(mark, parties) for mark in receipt.cases]
    lines += [_cleared(one, names.get(one.entity_id, one.entity_id)) for one in receipt.cleared]
    after = receipt.outcome_after_clearances
    if after is not None:
        lines.append(Line(after.value, _("Without what was cleared before, this is: %s.") % OUTCOMES[after].lower()))
    return tuple(lines)


def _case(mark: CaseMark, came_to: Mapping[Decision, tuple[str, str]] = CAME_TO) -> Line:
    if mark.result is not None and mark.result in came_to:
        return Line(*came_to[mark.result], mark.id)
    return Line("review", STANDS.get(mark.state, _("A case is open.")), mark.id)


def _case_of_deal(mark: CaseMark, parties: Mapping[str, str]) -> Line:
    about = parties.get(mark.path) or _("The deal itself")
    line = _case(mark, CAME_TO if mark.path else DEAL_CAME_TO)
    return replace(line, text=f"{about} · {line.text}")


def _cleared(one: ClearedMatch, name: str) -> Line:
    said = {"name": name, "day": figures.day(one.until.date()), "entry": figures.count(one.decided_in)}
    return Line("clear", _("%(name)s was cleared until %(day)s, by the decision in audit entry %(entry)s.") % said)
