"""Rules: the law and the cautions that a deal is held against, as dated, cited data. Pure.

`data/rules.csv` has a row per rule; the functions that test for it stand in `checks`. A rule that is unconfirmed says
so in every answer, or is a switch that is off until whoever runs Caspian turns it on (`CASPIAN_DEAL_RULES`).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property

from screening.deals.tables import rows, tables_hash


class Verdict(StrEnum):
    """What an assessment comes to, from best to worst; `note` is what is said and changes nothing.

    A review is worse than incomplete: what is missing can be brought, a doubt needs a person.
    """

    NOTE = "note"
    CLEAR = "clear"
    INCOMPLETE = "incomplete"
    REVIEW = "review"
    STOP = "stop"

    @property
    def rank(self) -> int:
        """0 for the best; a note is no better than a clear."""
        return {"note": 0, "clear": 0, "incomplete": 1, "review": 2, "stop": 3}[self.value]


class Level(StrEnum):
    """What a regime says of the deal. Unknown is worse than exposure: it may turn out to be anything."""

    NONE = "none"
    EXPOSURE = "exposure"
    UNKNOWN = "unknown"
    RESTRICTED = "restricted"
    PROHIBITED = "prohibited"

    @property
    def rank(self) -> int:
        """0 for none."""
        return list(Level).index(self)


REGIMES: Mapping[str, str] = {
    "us_primary": "US, primary",
    "us_secondary": "US, secondary",
    "eu": "EU",
    "uk": "UK",
    "un": "UN",
}
"""Regime to its title, in the order in which an assessment shows them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `nexus` is whose law must reach the caller (us, eu, uk or none), `section` baseline or deal."""

    id: str
    regimes: tuple[str, ...]
    nexus: str
    section: str
    condition: str
    outcome: Level
    verdict: Verdict
    citation: str
    valid_from: date | None
    valid_to: date | None
    switch: bool
    status: str
    evidence: str
    triggers: str
    does_not_trigger: str
    source: str
    certainty: str

    @property
    def unconfirmed(self) -> bool:
        """True for a rule that rests on background knowledge: nobody has read its text for this table."""
        return self.certainty == "K" or "unconfirmed" in self.status

    def holds_on(self, day: date) -> bool:
        """Say whether the rule is valid on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class RuleBook:
    """All rules, each on or off. `set_by` names those whose switch the configuration turned, `tables` is the hash of
    the tables that they read (`tables_hash`).
    """

    rules: Mapping[str, Rule]
    set_by: Mapping[str, bool]
    tables: str

    def is_on(self, rule_id: str, day: date) -> bool:
        """Say whether a rule is applied to a deal of that day. Raises KeyError for an unknown id."""
        rule = self.rules[rule_id]
        return self.set_by.get(rule_id, rule.switch) and rule.holds_on(day)

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Rule to its place in the table."""
        return {rule_id: at for at, rule_id in enumerate(self.rules)}

    @cached_property
    def hash(self) -> str:
        """SHA-256 over every rule and every switch: with the tables, what an assessment rested on."""
        content = [
            [{name: str(value) for name, value in asdict(rule).items()} for rule in self.rules.values()],
            sorted(self.set_by.items()),
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def rule_book(switches: Mapping[str, bool] | None = None) -> RuleBook:
    """Return the rules with these switches turned. An id may be written as in the environment (`us_p_012`).

    Raises ValueError for an id that no rule has.
    """
    turned = {name.upper().replace("_", "-"): on for name, on in (switches or {}).items()}
    unknown = sorted(set(turned) - set(all_rules()))
    if unknown:
        raise ValueError(f"there is no deal rule {', '.join(unknown)}; `caspian rules` lists them")
    return RuleBook(all_rules(), turned, tables_hash())


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule of the table, by id, in its order."""
    return {row["id"]: _rule(row) for row in rows("rules")}


def _rule(row: Mapping[str, str]) -> Rule:
    return Rule(
        id=row["id"],
        regimes=tuple(row["regimes"].split()),
        nexus=row["nexus"],
        section=row["section"],
        condition=row["condition"],
        outcome=Level(row["outcome"]),
        verdict=Verdict(row["verdict"]),
        citation=row["citation"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        switch=row["switch"] == "on",
        status=row["status"],
        evidence=row["evidence"],
        triggers=row["triggers"],
        does_not_trigger=row["does_not_trigger"],
        source=row["source"],
        certainty=row["certainty"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
