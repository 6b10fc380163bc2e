"""Reasons: the codes a decision is given under, as data (`data/reasons.csv`). An officer picks one; statistics and an
examiner count them. The wordings follow what regulators want documented: which fact tells the two apart (FIELD.md 1).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from core.errors import FieldError, InvalidInput
from screening.cases.case import Decision


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason code. `about`: entity or deal where it is only for the one, else any; `needs_note`: it says too
    little by itself.
    """

    code: str
    decision: Decision
    about: str
    wording: str
    needs_note: bool

    def fits(self, decision: Decision, *, of_deal: bool) -> bool:
        """Say whether a decision may be given under it, of a deal's reasons or of matches with listed entities."""
        return self.decision is decision and self.about in ("any", "deal" if of_deal else "entity")


@cache
def reasons() -> Mapping[str, Reason]:
    """Return all reasons by code, in the order of the table."""
    text = resources.files("screening.cases.data").joinpath("reasons.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Reason(
            row["code"], Decision(row["decision"]), row["about"], row["wording"], row["note"] == "required"
        )
        for row in csv.DictReader(text.splitlines())
    }


def check_reason(code: str, decision: Decision, note: str, *, of_deal: bool = False) -> Reason:
    """Return the reason of a decision. Raises InvalidInput for a code that is not one of this decision's (of a deal, or
    of matches with listed entities), and for one that needs a note without one.
    """
    reason = reasons().get(code)
    if reason is None or not reason.fits(decision, of_deal=of_deal):
        known = ", ".join(one.code for one in reasons().values() if one.fits(decision, of_deal=of_deal))
        raise _refused("reason", f"{code!r} is no reason for this decision; give one of {known}")
    if reason.needs_note and not note:
        raise _refused("note", f"the reason {code} needs a note that says what it is")
    return reason


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput("the decision cannot be recorded; nothing was decided", [FieldError(field, message)])
