"""Page: `docs/deals.md`, made from the rules. `python -m screening.deals.page docs/deals.md` writes it."""

import sys
from pathlib import Path

from screening.deals.rules import REGIMES, Rule, all_rules

HEAD = """# Deals

`POST /v1/deals`, or `caspian deal FILE.json`, screens every party of a deal in every role and holds the deal against
the rules below. The verdict is `clear`, `incomplete`, `review` or `stop`, from best to worst; it is `incomplete`
whenever what is needed to be sure is missing. Each regime says `none`, `exposure`, `unknown`, `restricted` or
`prohibited`. What every Iran–Russia deal has stands in a section of its own, `baseline`.

Reasons are the smallest account of the verdict. That each suffices alone, that one takes all of its parts together, and
what the verdict would be without all of them is found by assessing the deal without the causes in question.

A rule marked *unconfirmed* rests on background knowledge: nobody has read its text for this table, and every answer
that uses it says so. A rule that is *off* is a switch, turned by `CASPIAN_DEAL_RULES`
([configuration.md](configuration.md)). An expert must review whatever is relied on. General licences, humanitarian
exceptions and oil price caps are not modelled.

This page is made from `screening/deals/data/rules.csv` by `python -m screening.deals.page docs/deals.md`.
"""


def page() -> str:
    """Return the page: every rule with its citation, dates, examples and switch."""
    return "\n".join([HEAD, *(_section(rule) for rule in all_rules().values())])


def _section(rule: Rule) -> str:
    regimes = ", ".join(REGIMES[regime] for regime in rule.regimes) or "none by itself"
    dates = f"from {rule.valid_from or 'the beginning'}" + (f" to {rule.valid_to}" if rule.valid_to else "")
    marks = [*(["off"] if not rule.switch else []), *(["unconfirmed"] if rule.unconfirmed else [])]
    heading = f"## {rule.id}" + (f" ({', '.join(marks)})" if marks else "")
    return f"""{heading}

{rule.condition}.

| | |
|---|---|
| verdict and outcome | {rule.verdict.value}; {rule.outcome.value} |
| regimes | {regimes} |
| citation | {rule.citation} |
| valid | {dates}; {rule.status} |
| triggers | {rule.triggers} |
| does not | {rule.does_not_trigger} |
| would change it | {rule.evidence or "nothing"} |
| source, certainty | {rule.source}; {rule.certainty} |
"""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
