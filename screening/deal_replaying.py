"""Deal replaying, pure: what a recorded assessment rests on, and how today's assessment of the deal differs from it."""

from dataclasses import replace

from screening.deals.assess import Lists
from screening.deals.assessment import Assessment, PartyResult, RulesUsed
from screening.deals.rules import RuleBook, Verdict, rule_book
from screening.replaying import Changed, EntityChange, Finding, Standing, changed_lists, moved

LISTS_RULE, LISTS_CAUSE = "X-011", "lists"
"""The rule that says which list is stale, missing or a sample, and the cause that all its hits have."""


NOT_KEPT = "not recorded"
"""Stands for a hash that records of that time do not have."""


class PartyChange(EntityChange):
    """One listed entity whose standing differs for the party or owner at `path`."""

    path: str


class DealToday(Finding):
    """What today's lists, configuration and rules say of the deal, against the recorded assessment."""

    verdict_recorded: Verdict
    verdict_now: Verdict
    verdict_changed: bool
    entities: tuple[PartyChange, ...]
    reasons_gained: tuple[str, ...]
    reasons_lost: tuple[str, ...]
    lists: tuple[Changed, ...]
    changed: tuple[Changed, ...]


def recorded_rules(used: RulesUsed, now: RuleBook) -> tuple[RuleBook, tuple[Changed, ...]]:
    """Return the rules that an assessment was held against, and what of them is another now.

    The switches are in the record and are turned as they were. Where the table of rules itself, or a table that rules
    read, has changed since, it is that of today, and the two hashes are what has changed.
    """
    try:
        book = rule_book({rule: state == "on" for rule, _, state in (one.partition("=") for one in used.switched)})
    except ValueError:
        book = now  # a rule that was switched is gone: the hashes differ and say so
    switched = ", ".join(f"{rule}={'on' if is_on else 'off'}" for rule, is_on in sorted(now.set_by.items()))
    facts = [("rules switched", ", ".join(used.switched) or "none", switched or "none")]
    if book.hash != used.hash:
        facts.append(("rules (hash)", used.hash, now.hash))
    facts.append(("tables of the rules (hash)", used.tables or NOT_KEPT, now.tables))
    if not used.tables:
        book = replace(book, tables="")
    return book, tuple(Changed(what=what, recorded=old, now=new) for what, old, new in facts if old != new)


def recorded_lists(assessment: Assessment) -> Lists:
    """Return the lists that an assessment was given under. What would make them complete is in the record as what the
    rule on lists said; where that rule was off, it was not asked.
    """
    said = {point.text for point in assessment.others if point.rule.id == LISTS_RULE}
    for reason in assessment.reasons:
        if reason.causes == (LISTS_CAUSE,):
            said |= {reason.text, *reason.details}
    missing = tuple(text for text in assessment.missing if text in said)
    return Lists(assessment.covered, assessment.not_covered, missing, assessment.matcher)


def compared_deals(recorded: Assessment, now: Assessment, changed: tuple[Changed, ...]) -> DealToday:
    """Return how the assessment of today differs from the recorded one. `changed` is what of matcher, configuration and
    rules is another now.
    """
    then, today = ({party.path: _standing(party) for party in one.parties} for one in (recorded, now))
    old, new = (tuple(reason.text for reason in one.reasons) for one in (recorded, now))
    return DealToday(
        verdict_recorded=recorded.verdict,
        verdict_now=now.verdict,
        verdict_changed=recorded.verdict is not now.verdict,
        entities=tuple(
            PartyChange(path=path, **change.model_dump())
            for path, standing in then.items()
            for change in moved(standing, today[path])
        ),
        reasons_gained=tuple(text for text in new if text not in old),
        reasons_lost=tuple(text for text in old if text not in new),
        lists=changed_lists(recorded.covered, now.covered),
        changed=changed,
    )


def _standing(party: PartyResult) -> Standing:
    near = party.nearest
    return Standing.of(
        [(found.entity_id, found.primary_name, found.score) for found in party.matches],
        [] if near is None else [(near.entity_id, near.name, near.score)],
    )
