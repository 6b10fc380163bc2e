"""The figures of `docs/matching.md`: tables between the page's marks, and its pictures, made from one measurement.

The words of the page are written by hand; between `<!-- NAME -->` and `<!-- /NAME -->` stands what was measured.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from lists.entity import ListedEntity
from screening.matching.version import VERSION, matcher_hash
from screening.validation.figures import CLASS_TEXTS, Minimums
from screening.validation.page import pictures
from screening.validation.validation import Validation

DOCS = Path(__file__).resolve().parents[1] / "docs"
MISSES, ALARMS = 2, 14
"""How many misses of each class, and how many false alarms, the page shows."""


def write(found: Validation, entities: Sequence[ListedEntity]) -> None:
    """Put the figures into the page and draw its pictures anew."""
    drawn = pictures(found, Minimums())
    for name, picture in (
        ("recall-by-class", drawn.classes),
        ("recall-by-threshold", drawn.recall),
        ("alarms-by-threshold", drawn.alarms),
        ("scores-by-tier", drawn.tiers),
    ):
        (DOCS / "img" / f"{name}.svg").write_text(picture, encoding="utf-8")
    parts = {
        "measured": _measured(found, entities),
        "classes": _classes(found),
        "alarms": _groups(found),
        "thresholds": _thresholds(found),
        "failures": _failures(found),
    }
    page = DOCS / "matching.md"
    page.write_text(filled(page.read_text(encoding="utf-8"), parts), encoding="utf-8")


def filled(text: str, parts: dict[str, str]) -> str:
    """Return the page with each part between its marks. Raises ValueError when a mark is missing."""
    for name, part in parts.items():
        between = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not between.search(text):
            msg = f"docs/matching.md has no place marked {name}"
            raise ValueError(msg)
        text = between.sub(rf"\1\n{_escaped(part)}\n\n\2", text)
    return text


def _escaped(part: str) -> str:
    return part.replace("\\", r"\\")


def _measured(found: Validation, entities: Sequence[ListedEntity]) -> str:
    counted = Counter(entity.source for entity in entities)
    lists = ", ".join(f"{key} {count:,}" for key, count in sorted(counted.items()))
    plan = found.plan
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with matcher {VERSION} ({matcher_hash()[:12]}) on {len(entities):,} "
        f"entities ({lists}): {len(found.tried):,} names of the lists, {plan.queries} of each class, and "
        f"{plan.innocents:,} made-up names, by seed {plan.seed}. Recall over all changed names is "
        f"**{found.recall.value:.1%}**, false alarms are **{found.innocents.alarms.value:.2%}**, with "
        f"{found.innocents.coincidences} coincidences apart."
    )


def _classes(found: Validation) -> str:
    rows = (
        (
            *(one.text, f"{one.raised.value:.1%}", f"{one.raised.interval[0]:.1%} – {one.raised.interval[1]:.1%}"),
            *(f"{one.first.value:.1%}", str(one.raised.whole)),
        )
        for one in found.classes
    )
    return _table(("what was done", "raised", "95 % range", "ranked first", "names"), rows)


def _groups(found: Validation) -> str:
    rows = (
        (
            *(one.group, f"{one.tried:,}", str(one.coincidences), str(one.alarms.part), f"{one.alarms.value:.2%}"),
            str(one.matches.part),
        )
        for one in (*found.groups, found.innocents)
    )
    return _table(("made-up names", "tried", "coincidences", "alarms", "share", "of these match"), rows)


def _thresholds(found: Validation) -> str:
    rows = (
        (f"{p.threshold / 10:g}", f"{p.recall:.1%}", f"{p.alarms:.2%}", f"{p.precision:.1%}")
        for p in found.curve
        if p.threshold % 50 == 0
    )
    return _table(("review from", "recall", "false alarms", "precision, if every second name is listed"), rows)


def _failures(found: Validation) -> str:
    misses = (
        (CLASS_TEXTS.get(one.key, one.key), miss.query.listed, miss.query.name, _points(miss.score))
        for one in found.classes
        for miss in sorted(one.missed, key=lambda m: (-m.score, m.query.name))[:MISSES]
    )
    alarms = sorted(
        (c for c in found.cleared if not c.coincidence and c.score >= found.policy.review_threshold),
        key=lambda c: (-c.score, c.innocent.name),
    )
    shown = ((c.innocent.name, c.listed_name, _points(c.score)) for c in alarms[:ALARMS])
    missed = _table(("missed: what was done", "listed", "screened", "score"), misses)
    return f"{missed}\n\n{_table(('false alarm: made-up name', 'nearest listed name', 'score'), shown)}"


def _points(tenths: int) -> str:
    return f"{tenths / 10:.1f}" if tenths else "not shown"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
