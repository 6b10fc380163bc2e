"""Table: a validation as CSV, the figures and every single name, for whoever wants to count again. Pure."""

import io
from collections.abc import Iterable, Sequence

from screening.batch.writing import write_rows
from screening.validation.figures import Share
from screening.validation.measure import Cleared, Tried
from screening.validation.validation import Validation

FIGURES = ("set", "group", "measure", "part", "whole", "share", "low", "high")
CASES = ("set", "group", "name", "kind", "listed_name", "entity_id", "score", "rank", "raised", "coincidence")


def figures_csv(validation: Validation) -> str:
    """Return every share of the report, with its 95 % interval, as CSV."""
    rows: list[Sequence[object]] = [_share("changed names", "all", "raised", validation.recall)]
    for one in validation.classes:
        rows += [_share("changed names", one.key, "raised", one.raised)]
        rows += [_share("changed names", one.key, "first", one.first)]
    for group in (*validation.groups, validation.innocents):
        rows += [_share("made-up names", group.group, "alarms", group.alarms)]
        rows += [_share("made-up names", group.group, "matches", group.matches)]
        rows += [_share("made-up names", group.group, "coincidences", Share(group.coincidences, group.tried))]
    for point in validation.curve:
        for measure in ("recall", "alarms", "precision"):
            value = f"{getattr(point, measure):.4f}"
            rows.append(("by threshold", point.threshold, measure, "", "", value, "", ""))
    rows.append(_share("newly listed", "all", "raised", _found(validation)))
    return _csv(FIGURES, rows)


def cases_csv(validation: Validation) -> str:
    """Return every name that was screened and what became of it, as CSV. Scores are tenths of a point."""
    least = validation.policy.review_threshold
    rows = [_tried("changed names", one, least) for one in validation.tried]
    rows += [_tried("newly listed", one, least) for one in validation.new]
    rows += [_cleared(one, least) for one in validation.cleared]
    return _csv(CASES, rows)


def _found(validation: Validation) -> Share:
    return Share(len(validation.new) - len(validation.missed_new), len(validation.new))


def _share(set_: str, group: str, measure: str, share: Share) -> Sequence[object]:
    low, high = share.interval
    return set_, group, measure, share.part, share.whole, f"{share.value:.4f}", f"{low:.4f}", f"{high:.4f}"


def _tried(set_: str, one: Tried, least: int) -> Sequence[object]:
    q = one.query
    raised = "yes" if one.score >= least else "no"
    return set_, q.group, q.name, q.kind.value, q.listed, q.entity_id, one.score, one.rank, raised, ""


def _cleared(one: Cleared, least: int) -> Sequence[object]:
    made = one.innocent
    raised, coincidence = ("yes" if flag else "no" for flag in (one.score >= least, one.coincidence))
    return (
        *("made-up names", made.group, made.name, made.kind.value, one.listed_name, one.entity_id, one.score),
        *("", raised, coincidence),
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    write_rows(text, (header, *([str(cell) for cell in row] for row in rows)))
    return text.getvalue()
