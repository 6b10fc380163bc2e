"""Mining: which spellings the lists themselves use for one word, learnt from the several names of one entity.

Two names of one entity that share all words but a few show, for those few, spellings of the same word. A pair counts
when at least two entities show it and the words look alike; the given-name table is never overruled (MATCHING.md,
"Mined equivalences alone also mined real differences").
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Indel

from screening.matching import numbers as n
from screening.matching.likeness import is_vowelless
from screening.names.token import Role, Token

Name = tuple[Token, ...]
_SPELLED = frozenset({Role.WORD, Role.GIVEN, Role.PATRONYMIC})


def learn(entities: Iterable[Sequence[Name]]) -> dict[tuple[str, str], int]:
    """Return pairs of sounds, in alphabetical order, with how many entities show them, for the names of each entity."""
    support: defaultdict[tuple[str, str], int] = defaultdict(int)
    for names in entities:
        for pair in _shown(names[: n.MINED_NAMES]):
            support[pair] += 1
    return {pair: count for pair, count in sorted(support.items()) if count >= n.MINED_SUPPORT}


def _shown(names: Sequence[Name]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    spelled = [{t.sound: t for t in name if t.role in _SPELLED and not is_vowelless(t)} for name in names]
    for at, ours in enumerate(spelled):
        for theirs in spelled[at + 1 :]:
            if not ours or not theirs:
                continue
            left = [token for sound, token in ours.items() if sound not in theirs]
            right = [token for sound, token in theirs.items() if sound not in ours]
            if 0 < len(left) <= n.MINED_WORDS and 0 < len(right) <= n.MINED_WORDS and _enough(ours, left):
                found.update(_partners(left, right))
    return found


def _enough(words: dict[str, Token], left: Sequence[Token]) -> bool:
    """At least one word must be shared, so that two wholly different names teach nothing."""
    return len(words) > len(left)


def _partners(left: Sequence[Token], right: Sequence[Token]) -> Iterable[tuple[str, str]]:
    scored = sorted(
        (
            (-Indel.normalized_similarity(a.sound, b.sound), a.sound, b.sound)
            for a in left
            for b in right
            if min(len(a.sound), len(b.sound)) >= n.MINED_LETTERS and not _told_apart(a, b)
        ),
    )
    used: set[str] = set()
    for value, a, b in scored:
        if -value < n.MINED_LIKENESS:
            return
        if a not in used and b not in used:
            used |= {a, b}
            yield (a, b) if a < b else (b, a)


def _told_apart(a: Token, b: Token) -> bool:
    return bool(a.concept and b.concept) or (a.role is Role.PATRONYMIC) != (b.role is Role.PATRONYMIC)
