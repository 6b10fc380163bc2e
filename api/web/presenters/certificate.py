"""A screening as a certificate: what was asked, against what, with which result, and how to check it. One A4 page.

The page of the screening has everything; the certificate keeps what an examiner reads, so its tables are cut to a few
rows and say how many more there are. What was not searched is never cut.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.web.presenters import figures, words
from api.web.presenters.facts import country_text, number_text, texts
from api.web.presenters.found import KINDS, FoundView, NearMiss
from api.web.presenters.screening import ScreeningPage, screening_page
from api.web.text import _, ngettext
from lists.entity import Kind
from screening.answer import Screening

MOST_MATCHES: Final = 5
"""Matches on the page, so that it stays one page."""

MOST_NEAR: Final = 3
"""Near-misses on the page, as many as the mockup's page has room for beside five lists and eight gaps."""

PLAIN_FACTS: Final = (
    ("birth_date", _("Birth date")),
    ("gender", _("Gender")),
    ("addresses", _("Address")),
    ("vessel_type", _("Vessel type")),
    ("gross_tonnage", _("Gross tonnage")),
    ("built", _("Built")),
)
"""Facts shown as they were written, in the order of the form."""

HELPFUL: Final = (
    ("countries", _("country"), frozenset(Kind)),
    ("identifiers", _("identifier"), frozenset(Kind)),
    ("birth_date", _("birth date"), frozenset({Kind.PERSON})),
    ("addresses", _("address"), frozenset({Kind.PERSON, Kind.ORGANIZATION})),
)
"""What would have helped, for which kinds: the certificate names what was not given."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it was entered. `lang` and `rtl` are those of its script."""

    label: str
    text: str
    lang: str
    rtl: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, ready for its template. `more` says what its tables leave out."""

    page: ScreeningPage
    facts: tuple[Fact, ...]
    not_given: str
    policy: str
    matches: tuple[FoundView, ...]
    near: tuple[NearMiss, ...]
    more: str


def certificate(screening: Screening) -> Certificate:
    """Return the certificate of one recorded screening."""
    page, matcher = screening_page(screening), screening.answer.matcher
    matches = (page.best, *page.others) if page.best else ()
    thresholds = (figures.score(matcher.review_threshold), figures.score(matcher.match_threshold))
    return Certificate(
        page=page,
        facts=tuple(_facts(screening.answer.subject)),
        not_given=_not_given(screening.answer.subject),
        policy=_("Review from %s, match from %s") % thresholds,
        matches=matches[:MOST_MATCHES],
        near=page.near[:MOST_NEAR],
        more=_more(len(matches) - MOST_MATCHES, len(page.near) - MOST_NEAR),
    )


def _facts(subject: Mapping[str, Any]) -> list[Fact]:
    written = [(_("Name"), subject.get("name", ""))]
    written += [(_("Other name"), other) for other in subject.get("other_names", ())]
    kind = subject.get("kind")
    written.append((_("Kind"), KINDS[Kind(kind)] if kind else _("any")))
    written += [(_("Country"), country_text(given)) for given in subject.get("countries", ())]
    written += [
        (_("Identifier"), number_text(given["type"], given["value"], given.get("country")))
        for given in subject.get("identifiers", ())
    ]
    written += [(label, text) for name, label in PLAIN_FACTS for text in texts(subject.get(name))]
    return [Fact(label, text, words.language(text), words.is_rtl(text)) for label, text in written if text]


def _not_given(subject: Mapping[str, Any]) -> str:
    kind = subject.get("kind")
    kinds = frozenset({Kind(kind)}) if kind else frozenset(Kind)
    return ", ".join(label for name, label, helps in HELPFUL if helps & kinds and not subject.get(name))


def _more(matches: int, near: int) -> str:
    """What the tables leave out: `2 more matches and 1 more near-miss are on the screening’s own page.`"""
    parts = []
    if matches > 0:
        parts.append(ngettext("%d more match", "%d more matches", matches) % matches)
    if near > 0:
        parts.append(ngettext("%d more near-miss", "%d more near-misses", near) % near)
    return _("On the screening’s own page: %s.") % _(" and ").join(parts) if parts else ""
