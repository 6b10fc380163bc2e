"""The name feature: how alike two names are, 0-1 raw and 0-1000 scaled, with the alignment that says why.

One function per rule; the rules and their numbers come from MATCHING.md step 11, each with its example in `numbers`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from screening.matching import numbers as n
from screening.matching.align import Compare, Pair, choose, possible_pairs
from screening.matching.likeness import Likeness, is_initial
from screening.matching.result import Relation
from screening.matching.weights import NAMING, Side, spare_word
from screening.names.token import Role, Token

# members of an enumeration, by names of this module: looking one up in its class costs more than a rule does
_CONCEPT, _GIVEN, _LEGAL_FORM, _NATION = Role.CONCEPT, Role.GIVEN, Role.LEGAL_FORM, Role.NATION
_NUMBER, _PATRONYMIC, _WORD = Role.NUMBER, Role.PATRONYMIC, Role.WORD
_INITIAL, _MEANING = Relation.INITIAL, Relation.MEANING
_SPARE_SHARES = {_GIVEN: n.SPARE_GIVEN, _WORD: n.SPARE_NAME}
_SPARE_SHARES_BESIDE_RARE = {role: share * n.SPARE_BESIDE_RARE for role, share in _SPARE_SHARES.items()}


@dataclass(frozen=True, slots=True)
class NameScore:
    """`raw` 0-1 before scaling; `pairs` the alignment; the words left over on each side, with what each costs; `total`
    what all pairs weigh and all left-over words cost together; notes on what lowered the score.
    """

    raw: float
    pairs: tuple[Pair, ...]
    subject_left: tuple[tuple[int, float], ...]
    listed_left: tuple[tuple[int, float], ...]
    total: float
    notes: tuple[str, ...] = ()

    @property
    def score(self) -> int:
        """The raw score on the scale of `scale`."""
        return scale(self.raw)

    @property
    def same(self) -> bool:
        """Whether both names are the same words and initials, one at least of them not by its meaning only."""
        letters = [p for p in self.pairs if p.relation is not _MEANING]
        same = all(p.value == n.INITIAL_BOTH if p.relation is _INITIAL else p.value > n.SKELETON_SAME for p in letters)
        return same and bool(letters) and not self.subject_left and not self.listed_left


def scale(raw: float) -> int:
    """Put a raw score on the scale of all scores, 0-1000, on which review is 700: rising, the same name being 1000."""
    raw = min(1.0, max(0.0, raw))
    if raw >= n.RAW_REVIEW:
        return round(n.SCALED_REVIEW + (raw - n.RAW_REVIEW) / (1 - n.RAW_REVIEW) * (1000 - n.SCALED_REVIEW))
    return round(raw / n.RAW_REVIEW * n.SCALED_REVIEW)


def unscale(score: float) -> float:
    """Return the raw score that `scale` puts at `score`."""
    if score >= n.SCALED_REVIEW:
        return n.RAW_REVIEW + (score - n.SCALED_REVIEW) / (1000 - n.SCALED_REVIEW) * (1 - n.RAW_REVIEW)
    return score / n.SCALED_REVIEW * n.RAW_REVIEW


def score_names(
    subject: Side,
    listed: Side,
    known: Sequence[Mapping[int, Likeness]],
    numbers: Sequence[int],
    compare: Compare,
) -> NameScore:
    """Return how alike the two names are. `known`, `numbers` and `compare` are those of `align.possible_pairs`."""
    pairs = choose(possible_pairs(subject, listed, known, numbers, compare))
    used_subject = {i for pair in pairs for i in pair.subject}
    used_listed = {j for pair in pairs for j in pair.listed}
    left = (
        [i for i in range(len(subject.tokens)) if i not in used_subject],
        [j for j in range(len(listed.tokens)) if j not in used_listed],
    )
    matched = sum((pair.weight for pair in pairs), 0.0)
    worth = sum((pair.value * pair.weight for pair in pairs), 0.0)
    costs = (
        _costs(subject, left[0], [(p.value, p.subject) for p in pairs]),
        _costs(listed, left[1], [(p.value, p.listed) for p in pairs]),
    )
    total = matched + sum(costs[0], 0.0) + sum(costs[1], 0.0)
    raw = worth / total if total > 0 else 0.0
    notes: list[str] = []
    for rule in RULES:
        factor, note = rule(subject, listed, pairs, left)
        if factor < 1.0:
            raw *= factor
            notes.append(note)
    ours, theirs = (tuple(zip(words, spent, strict=True)) for words, spent in zip(left, costs, strict=True))
    return NameScore(raw, tuple(pairs), ours, theirs, total, tuple(notes))


Answered = Sequence[tuple[float, tuple[int, ...]]]
"""The words of one side that are answered, pair by pair, with how well."""


def _costs(side: Side, left: Sequence[int], answered: Answered) -> list[float]:
    """What each left-over word costs, given how well the rest of its name is answered."""
    if not left:
        return []
    if side.person:
        return _costs_of_person(side, left, answered)
    words = {word for value, words in answered if value >= n.RARE_LIKENESS for word in words}
    known_by = any(side.rare[word] for word in words)
    own = sum(side.tokens[word].role is _WORD for word in words)
    known_by = known_by or own >= n.TOLD_BY_BRANDS
    costs = [side.costs[word] * spare_word(side.tokens[word], known_by=known_by, branded=own > 0) for word in left]
    return _falling(side, left, costs) if known_by else costs


def _falling(side: Side, left: Sequence[int], costs: list[float]) -> list[float]:
    """A trade told in many words is one difference: each further trade word costs a part of the one before."""
    share = 1.0
    for at, word in enumerate(left):
        if side.tokens[word].role is _CONCEPT and side.tokens[word].concept not in n.TELLING_CONCEPTS:
            costs[at] *= share
            share = max(n.LEAST_FALLING, share * n.FALLING)
    return costs


def _costs_of_person(side: Side, left: Sequence[int], answered: Answered) -> list[float]:
    """A further name costs less beside two that are answered, less still where one of them is a rare family name."""
    if named_well(side, answered) < 2:
        return [side.costs[word] for word in left]
    rare = any(side.rare[word] for value, words in answered if value >= n.SPARE_LIKENESS for word in words)
    shares = _SPARE_SHARES_BESIDE_RARE if rare else _SPARE_SHARES
    return [side.costs[word] * shares.get(side.tokens[word].role, 1.0) for word in left]


def named_well(side: Side, answered: Answered) -> int:
    """How many of a side's naming words are answered well."""
    return sum(
        1
        for value, words in answered
        if value >= n.SPARE_LIKENESS
        for word in words
        if side.tokens[word].role in NAMING
    )


Left = tuple[list[int], list[int]]
Rule = Callable[[Side, Side, Sequence[Pair], Left], tuple[float, str]]
_NO_CHANGE = (1.0, "")
_BANK = "trade:bank"
_OF_FATHER = frozenset({Role.PATRONYMIC, Role.INITIAL})


def contradicted_patronymic(subject: Side, listed: Side, pairs: Sequence[Pair], left: Left) -> tuple[float, str]:
    """Both names have a patronymic, or one an initial of it, and they differ: another person, often a brother."""
    if not (subject.person and listed.person):
        return _NO_CHANGE
    ours = [subject.tokens[i] for i in left[0] if subject.tokens[i].role in _OF_FATHER]
    theirs = [listed.tokens[j] for j in left[1] if listed.tokens[j].role in _OF_FATHER]
    if any(_other_father(a, b) for a in ours for b in theirs):
        return n.PATRONYMIC_CONTRADICTED, "the patronymics differ"
    return _NO_CHANGE


def _other_father(a: Token, b: Token) -> bool:
    """Whether two words that do not answer to each other name two fathers: V. is Vladimir, also as Uladzimiravich."""
    if a.role is b.role:
        return a.role is _PATRONYMIC
    short, full = (b, a) if a.role is _PATRONYMIC else (a, b)
    return bool(full.concept) and not full.concept.partition(":")[2].startswith((short.plain, short.sound))


def single_name(subject: Side, listed: Side, pairs: Sequence[Pair], left: Left) -> tuple[float, str]:
    """Only a given or a family name of a person is answered."""
    if not listed.person:
        return _NO_CHANGE
    naming_left = any(subject.tokens[i].role in NAMING for i in left[0]) or any(
        listed.tokens[j].role in NAMING for j in left[1]
    )
    answered = sum(
        max(len(p.subject), len(p.listed))
        for p in pairs
        if _names(subject, listed, p) or is_initial(subject.tokens[p.subject[0]])
    )
    if naming_left and answered <= 1:
        return n.SINGLE_NAME, "only one word of the personal name is the same"
    if _given_and_initial(subject, listed, pairs):
        return n.SINGLE_NAME, "beside the given name only an initial is the same"
    return _NO_CHANGE


def _names(subject: Side, listed: Side, pair: Pair) -> bool:
    """Whether a pair is one of names on both sides; Ivanovich may be a family name here and a patronymic there."""
    return subject.tokens[pair.subject[0]].role in NAMING and listed.tokens[pair.listed[0]].role in NAMING


def _given_and_initial(subject: Side, listed: Side, pairs: Sequence[Pair]) -> bool:
    """Whether nothing but one given name is answered in full, and an initial stands for the family name."""
    spelt = [p for p in pairs if p.relation is not _INITIAL and _names(subject, listed, p)]
    if len(spelt) != 1 or len(pairs) == 1:
        return False
    words = [subject.tokens[spelt[0].subject[0]], listed.tokens[spelt[0].listed[0]]]
    return any(p.relation is _INITIAL for p in pairs) and all(word.role is _GIVEN for word in words)


def left_on_both(subject: Side, listed: Side, pairs: Sequence[Pair], left: Left) -> tuple[float, str]:
    """Each name has a telling word that the other lacks: likely two parties that share the rest."""
    ours = any(subject.tokens[i].role in NAMING for i in left[0])
    theirs = any(listed.tokens[j].role in NAMING for j in left[1])
    if ours and theirs:
        return (n.BOTH_LEFT_PERSON if listed.person else n.BOTH_LEFT), "each name has a word that the other lacks"
    return _NO_CHANGE


def other_number(subject: Side, listed: Side, pairs: Sequence[Pair], left: Left) -> tuple[float, str]:
    """PORT OLYA-3 is not PORT OLYA-4; a number on one side only is a smaller difference."""
    ours = any(subject.tokens[i].role is _NUMBER for i in left[0])
    theirs = any(listed.tokens[j].role is _NUMBER for j in left[1])
    if ours and theirs:
        return n.OTHER_NUMBER, "the numbers differ"
    if ours or theirs:
        return n.ONE_NUMBER, "one name has a number that the other lacks"
    return _NO_CHANGE


def nothing_telling(subject: Side, listed: Side, pairs: Sequence[Pair], left: Left) -> tuple[float, str]:
    """A company's own words all stay unanswered: what is shared is only its trade or its place."""
    if listed.person or not pairs:
        return _NO_CHANGE
    if any(subject.tokens[i].role is _WORD for p in pairs for i in p.subject):
        return _NO_CHANGE
    if any(subject.tokens[i].role in NAMING for i in left[0]) or any(listed.tokens[j].role in NAMING for j in left[1]):
        return n.NOTHING_TELLING, "only words of trade and place are shared"
    return _NO_CHANGE


def only_translated(subject: Side, listed: Side, pairs: Sequence[Pair], left: Left) -> tuple[float, str]:
    """One or two trade words, places or common nouns, in translation, and nothing else: any such firm may be meant."""
    if listed.person:
        return _NO_CHANGE
    telling = [p for p in pairs if subject.tokens[p.subject[0]].role is not _LEGAL_FORM]
    translated = [p for p in telling if p.relation is _MEANING]
    own = any(subject.tokens[i].role in NAMING for p in telling if p.relation is not _MEANING for i in p.subject)
    if own or not translated or len(telling) > n.FEW_TRANSLATED or _bank_by_trade(subject, telling):
        return _NO_CHANGE
    if len(translated) == len(telling) and any(subject.tokens[p.subject[0]].concept in n.COMMERCE for p in telling):
        return n.ALL_TRANSLATED, "nothing but general words of commerce is shared, all in translation"
    return n.ONLY_TRANSLATED, "only general words are shared, in translation"


def _bank_by_trade(subject: Side, telling: Sequence[Pair]) -> bool:
    """Whether a bank and its trade are shared: banks are few, and Bank Keshavarzi is the Agricultural Bank."""
    words = [subject.tokens[pair.subject[0]] for pair in telling]
    return len(words) > 1 and any(w.concept == _BANK for w in words) and all(w.role is not _NATION for w in words)


RULES: tuple[Rule, ...] = (
    contradicted_patronymic,
    single_name,
    left_on_both,
    other_number,
    nothing_telling,
    only_translated,
)
"""The rules that lower a name score, in the order in which they are explained."""
