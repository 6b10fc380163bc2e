"""Rules: the rules that deals are held against, with their citations, dates and switches."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.auth import Authorised
from api.strict import StrictRoute
from core.clock import now
from screening.deals.rules import Level, RuleBook, Verdict

router = APIRouter(route_class=StrictRoute, tags=["deals"])


class RuleView(BaseModel):
    """One rule. `applied`: it is on, and valid today. `unconfirmed`: nobody has read its text for this table."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    regimes: tuple[str, ...]
    section: str
    nexus: str
    condition: str
    outcome: Level
    verdict: Verdict
    citation: str
    valid_from: date | None
    valid_to: date | None
    status: str
    evidence: str
    triggers: str
    does_not_trigger: str
    source: str
    certainty: str
    unconfirmed: bool
    applied: bool


class Rules(BaseModel):
    """All rules, in the order of the table; `hash` and `tables` (goods, words, places, countries) are those that
    assessments name.
    """

    hash: str
    tables: str
    items: list[RuleView]


@router.get("/v1/rules", summary="The rules deals are held against")
async def read(call: Authorised) -> Rules:
    """Every rule with its citation, its dates, what triggers it and what does not, and whether it is applied now."""
    return view(call.services.deals.rules)


def view(book: RuleBook) -> Rules:
    """Return the rules as the API and the command line show them."""
    today = now().date()
    return Rules(
        hash=book.hash,
        tables=book.tables,
        items=[
            RuleView.model_validate(
                {name: getattr(rule, name) for name in RuleView.model_fields if name != "applied"}
                | {"applied": book.is_on(rule.id, today)}
            )
            for rule in book.rules.values()
        ],
    )
