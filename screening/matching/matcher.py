"""The matcher: a subject against an index of listed entities, or against one listed entity. Pure, and safe in threads.

`match` answers a screening, `matches` a row of a file, `search` ranks without deciding, `compare` scores one pair
without an index.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from rapidfuzz.distance import OSA

from lists.entity import Kind, ListedEntity, NameType
from screening.matching import numbers as n
from screening.matching.candidate import NO_NAME, Nearest, candidate, nothing_read
from screening.matching.features.names import NameScore, unscale
from screening.matching.identity import with_identifiers_of_name
from screening.matching.index import ListIndex
from screening.matching.likeness import NO_LEXICON
from screening.matching.policy import Policy
from screening.matching.rank import Best, Hit, Wanted, hits, kind_of, score_whole
from screening.matching.repair import Knows, repaired
from screening.matching.result import MatchResult, Outcome, ScoredCandidate
from screening.matching.scoring import most_raised
from screening.matching.subject import Subject
from screening.matching.weights import Side, side
from screening.names.reading import read_name, says_something
from screening.names.token import ReadName


class Form(NamedTuple):
    """One reading of a subject's name, and whether it `tells` whose name it is.

    `as_read` is the text where the name had to be repaired, else empty.
    """

    read: ReadName
    tells: bool
    as_read: str = ""

    def lowered(self, score: NameScore) -> NameScore:
        """Return the score, a little lower for a name that is only a guess at what was meant, and much lower for one
        that tells nobody, unless it is the listed name letter by letter.
        """
        if not self.tells and not score.same:
            score = replace(score, raw=score.raw * n.UNTELLING, notes=(*score.notes, "the name asked for tells nobody"))
        if not self.as_read:
            return score
        return replace(score, raw=score.raw * n.REPAIRED, notes=(*score.notes, f"read as “{self.as_read}”"))


def match(index: ListIndex, subject: Subject, policy: Policy) -> MatchResult:
    """Return the outcome for one subject: all matches by score, the best near-misses, how many names were compared."""
    return _match(index, subject, policy, policy.near_misses)


def matches(index: ListIndex, subject: Subject, policy: Policy) -> MatchResult:
    """Return what `match` returns without the near-misses: the same names are compared, but only those entities scored
    and explained in full that may reach review. For files, most rows of which meet nothing.

    With review above `SCALED_REVIEW`, a fact too weak to be looked ahead for (a country) may lift a near-miss to
    review: then they are scored all the same.
    """
    weak_facts_lift = policy.review_threshold > n.SCALED_REVIEW
    return replace(_match(index, subject, policy, policy.near_misses if weak_facts_lift else 0), near_misses=())


def _match(index: ListIndex, subject: Subject, policy: Policy, shown: int) -> MatchResult:
    subject = with_identifiers_of_name(subject)
    found, compared = _gather(index, subject, Wanted(least_raw(subject, policy), policy.near_misses))
    ranked = _ranked(index, subject, policy, found, shown)
    above = [c for c in ranked if c.outcome is not Outcome.CLEAR]
    near = [c for c in ranked if c.outcome is Outcome.CLEAR and c.score >= n.LEAST_SHOWN][:shown]
    return MatchResult(
        outcome=above[0].outcome if above else Outcome.CLEAR,
        matches=tuple(above[: policy.most_matches]),
        near_misses=tuple(near),
        considered=compared,
        truncated=len(above) > policy.most_matches,
    )


def search(index: ListIndex, subject: Subject, policy: Policy, limit: int = 20) -> tuple[ScoredCandidate, ...]:
    """Return the `limit` best candidates by score, matches and near-misses alike."""
    subject = with_identifiers_of_name(subject)
    found, _ = _gather(index, subject, Wanted(least_raw(subject, policy), limit))
    return tuple(_ranked(index, subject, policy, found, max(limit, policy.near_misses))[:limit])


def compare(subject: Subject, listed: ListedEntity, policy: Policy, index: ListIndex | None = None) -> ScoredCandidate:
    """Score one pair. With an `index`, words weigh by how rare its lists make them; without, all names weigh alike."""
    subject = with_identifiers_of_name(subject)
    knows = index.knows if index else _knows_nothing
    forms = {name: forms_of(name, subject.kind, knows) for name in names_of(subject)}
    return _compared(subject, listed, policy, index, forms)


def _compared(
    subject: Subject, listed: ListedEntity, policy: Policy, index: ListIndex | None, forms: Mapping[str, list[Form]]
) -> ScoredCandidate:
    """Score one pair, the subject's names having been read: their `forms` by name."""
    lexicon = index.lexicon if index else NO_LEXICON
    sides = [
        (name, form, _side(form.read, subject.kind, index, listed=False))
        for name in names_of(subject)
        for form in forms[name]
    ]
    best: list[Nearest] = []
    for name in listed.names:
        found = [
            Nearest(
                name,
                theirs,
                ours_name,
                form.read,
                form.lowered(score_whole(form.read, ours, theirs, side_, lexicon)),
            )
            for theirs, side_ in _listed_sides(name.value, listed.kind, index)
            for ours_name, form, ours in sides
        ]
        if found:
            best.append(max(found, key=lambda nearest: nearest.score.raw))
    return candidate(subject, (listed,), best or [_without_name(subject, listed)], policy)


def least_raw(subject: Subject, policy: Policy) -> float:
    """The raw name score from which facts beside the name might still lift a candidate to review."""
    return unscale(max(1, policy.review_threshold - most_raised(subject)))


def names_of(subject: Subject) -> Iterable[str]:
    """Return the names under which a subject is searched."""
    return (name for name in (subject.name, *subject.other_names) if name)


def forms_of(name: str, kind: Kind | None, knows: Knows) -> list[Form]:
    """Read a subject's name as written, and repaired where the lists do not know its words."""
    forms = [Form(read, says_something(read)) for read in read_name(name, kind)]
    other = repaired(name, knows, person=kind is Kind.PERSON)
    if other:
        forms += [Form(read, says_something(read), other) for read in read_name(other, kind)]
    return forms


def _knows_nothing(_sound: str) -> bool:
    return False


def _side(read: ReadName, kind: Kind | None, index: ListIndex | None, *, listed: bool) -> Side:
    weighed = kind_of(kind, read)
    return side(read, weighed, index.rarity, listed=listed) if index else side(read, weighed, listed=listed)


def _listed_sides(name: str, kind: Kind, index: ListIndex | None) -> list[tuple[ReadName, Side]]:
    return [(read, _side(read, kind, index, listed=True)) for read in read_name(name, kind)]


@dataclass(slots=True)
class _Found:
    """The hits of each slot, each with the subject's name that it answers; the forms of the subject's names."""

    by_slot: dict[int, list[tuple[str, Hit]]] = field(default_factory=dict)
    forms: dict[str, list[Form]] = field(default_factory=dict)
    decided: set[int] = field(default_factory=set)

    def add(self, name: str, best: Best) -> None:
        """Note the hits of one form of one name."""
        for (slot, _), hit in best.items():
            self.by_slot.setdefault(slot, []).append((name, hit))


def _gather(index: ListIndex, subject: Subject, wanted: Wanted) -> tuple[_Found, int]:
    found, compared = _Found(), 0
    for identifier in subject.identifiers:
        for slot in index.slots_with(identifier.type, identifier.value):
            found.decided.add(slot)
            found.by_slot.setdefault(slot, [])
    for name in names_of(subject):
        found.forms[name] = forms_of(name, subject.kind, index.knows)
        for form in found.forms[name]:
            best, count = hits(index, form.read, subject.kind, wanted)
            if form.as_read or not form.tells:
                best = {place: hit._replace(name=form.lowered(hit.name)) for place, hit in best.items()}
            found.add(name, best)
            compared += count
    return found, compared


def _ranked(index: ListIndex, subject: Subject, policy: Policy, found: _Found, shown: int) -> list[ScoredCandidate]:
    """Score what was found in full: every slot that might reach review, and `shown` others for the near-misses."""
    # a score is rounded: a tenth below the threshold, a name may still reach it; near-misses have it in any case
    reach = policy if shown else replace(policy, review_threshold=policy.review_threshold - 1)
    least = least_raw(subject, reach)
    order = sorted(found.by_slot, key=lambda slot: (-_best_raw(found, slot), slot))
    picked = [slot for slot in order if slot in found.decided or _best_raw(found, slot) >= least]
    picked += [slot for slot in order if slot not in set(picked)][:shown]
    scored = [
        candidate(subject, index.listings_at(slot), _nearest(index, subject, slot, found.by_slot[slot]), policy)
        for slot in picked
    ]
    return _goes_by_it_first(
        sorted(scored, key=_rank), lambda one: _goes_by_another_name(index, policy, one, subject.kind, found.forms)
    )


def _rank(found: ScoredCandidate) -> tuple[int, int, float, str]:
    """Best score first; among equals the name written most like the one asked for, then the id, so that ties stand."""
    written = OSA.normalized_distance(found.subject_name.casefold(), found.listed_name.casefold())
    return -found.score, -found.name_score, written, found.entity_id


def _goes_by_it_first(ranked: list[ScoredCandidate], aside: Callable[[ScoredCandidate], bool]) -> list[ScoredCandidate]:
    """Of those that share the best score, let one lead that goes by the name, not one that is met by an alias only.

    A name alone stops at one score, so that many may share it: a bank, and the firm that once used the bank's name.
    `aside` says whether a candidate goes by another name.
    """
    tied = [found for found in ranked if found.score == ranked[0].score]
    if len(tied) < 2:
        return ranked
    leads = next((place for place, found in enumerate(tied) if not aside(found)), 0)
    return [ranked[leads], *ranked[:leads], *ranked[leads + 1 :]]


def _goes_by_another_name(
    index: ListIndex, policy: Policy, found: ScoredCandidate, kind: Kind | None, forms: Mapping[str, list[Form]]
) -> bool:
    if found.listed_name_type is NameType.PRIMARY or found.decided_by != "name":
        return False
    listed = index.listings(found.entity_id)[0]
    main = tuple(name for name in listed.names if name.type is NameType.PRIMARY)
    if not main:
        return False
    asked = with_identifiers_of_name(Subject(name=found.subject_name, kind=kind))
    read = {name: forms[name] if name in forms else forms_of(name, kind, index.knows) for name in names_of(asked)}
    return _compared(asked, replace(listed, names=main), policy, index, read).outcome is Outcome.CLEAR


def _best_raw(found: _Found, slot: int) -> float:
    return max((hit.name.raw for _, hit in found.by_slot[slot]), default=0.0)


def _nearest(index: ListIndex, subject: Subject, slot: int, answered: list[tuple[str, Hit]]) -> list[Nearest]:
    listings = index.listings_at(slot)
    nearest = []
    for name, hit in answered:
        _, listing, number = index.origin(hit.row)
        nearest.append(Nearest(listings[listing].names[number], index.read(hit.row), name, hit.read, hit.name))
    return nearest or [_without_name(subject, listings[0])]


def _without_name(subject: Subject, listed: ListedEntity) -> Nearest:
    name, read = nothing_read(subject.name)
    return Nearest(listed.names[0], read, name, read, NO_NAME)
