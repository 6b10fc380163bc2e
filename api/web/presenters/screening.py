"""A recorded screening as its page shows it: outcome, receipt, best match, what else came close, what was searched."""

from dataclasses import dataclass
from typing import Final

from api.web.presenters import figures, words
from api.web.presenters.coverage import Coverage, coverage
from api.web.presenters.found import FoundView, NearMiss, found_view, near_miss
from api.web.text import _
from screening.answer import Receipt, Screening
from screening.matching.result import Outcome
from screening.wording import NOT_CLEAR, STOP, WAIT

OUTCOMES: Final = {
    Outcome.CLEAR: _("Clear"),
    Outcome.REVIEW: _("Review"),
    Outcome.MATCH: _("Match"),
    Outcome.INCOMPLETE: _("Incomplete"),
}
LEADS: Final = (STOP, WAIT, NOT_CLEAR)
"""What to do now: the first words of an answer's sentence that the page sets in bold (console design, "Words")."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that would complete the answer: what, and where to find it."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What was recorded, when, by whom, in which audit entry."""

    id: str
    recorded: str
    recorded_iso: str
    audit_entry: str
    audit_hash: str
    actor: str
    reference: str


@dataclass(frozen=True, slots=True)
class ScreeningPage:
    """One screening, ready for its template."""

    title: str
    subject: str
    subject_lang: str
    subject_rtl: bool
    outcome: str
    word: str
    lead: str
    say: str
    receipt: ReceiptView
    best: FoundView | None
    others: tuple[FoundView, ...]
    truncated: bool
    near: tuple[NearMiss, ...]
    nearest: NearMiss | None
    review_from: str
    missing: tuple[Missing, ...]
    warnings: tuple[str, ...]
    coverage: Coverage
    matcher_version: str
    policy_hash: str


def screening_page(screening: Screening) -> ScreeningPage:
    """Return the page of one recorded screening."""
    answer = screening.answer
    name = subject_name(answer.subject)
    lead, say = split_lead(answer.say)
    matches = tuple(found_view(found, answer.matcher) for found in answer.matches)
    near = tuple(near_miss(found, answer.matcher) for found in answer.near_misses)
    word = OUTCOMES[answer.outcome]
    return ScreeningPage(
        title=f"{word}: {name}",
        subject=name,
        subject_lang=words.language(name),
        subject_rtl=words.is_rtl(name),
        outcome=answer.outcome.value,
        word=word,
        lead=lead,
        say=say,
        receipt=receipt_view(screening.receipt),
        best=matches[0] if matches else None,
        others=matches[1:],
        truncated=answer.truncated,
        near=near,
        nearest=near[0] if near and not matches else None,
        review_from=figures.score(answer.matcher.review_threshold).removesuffix(".0"),
        missing=tuple(split_missing(text) for text in answer.missing),
        warnings=answer.warnings,
        coverage=coverage(answer.covered, answer.not_covered),
        matcher_version=answer.matcher.version,
        policy_hash=answer.matcher.config_hash[:8],
    )


def subject_name(subject: dict[str, object]) -> str:
    """Return how the page calls the subject: its name, else its first identifier (`IMO 9481910`)."""
    name = subject.get("name")
    if isinstance(name, str) and name:
        return name
    identifiers = subject.get("identifiers")
    if isinstance(identifiers, list | tuple) and identifiers and isinstance(identifiers[0], dict):
        first = identifiers[0]
        return f"{str(first.get('type', '')).upper()} {first.get('value', '')}".strip()
    return _("a subject without a name")


def split_lead(say: str) -> tuple[str, str]:
    """Split an answer's sentence into what to do now, which is set in bold, and the rest."""
    lead = next((known for known in LEADS if say.startswith(known)), "")
    return lead, say.removeprefix(lead).lstrip()


def split_missing(text: str) -> Missing:
    """Split "The ship's IMO number. It is on the hull." into the fact and where to find it."""
    what, stop, where = text.partition(". ")
    return Missing(f"{what}." if stop else what, where)


def receipt_view(receipt: Receipt) -> ReceiptView:
    """Return what the page says of the record."""
    return ReceiptView(
        id=receipt.id,
        recorded=figures.moment(receipt.recorded_at),
        recorded_iso=receipt.recorded_at.isoformat(),
        audit_entry=figures.count(receipt.audit_sequence),
        audit_hash=receipt.audit_hash,
        actor=receipt.actor,
        reference=receipt.reference or "",
    )
