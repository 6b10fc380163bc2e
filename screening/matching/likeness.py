"""Likeness of two words: how far they are the same word in another spelling, script or language.

Owns the comparison of one word with one word. It knows nothing of names, weights or the index.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz.distance import OSA

from screening.matching import numbers as n
from screening.matching.derived import derived, derived_across
from screening.matching.result import Relation
from screening.matching.two_names import near_letters, title_and_name, two_names
from screening.names.akin import akin_to
from screening.names.token import Role, Token

Learnt = Mapping[tuple[str, str], int]
"""Pairs of `sound` forms that name one party in the lists, in alphabetical order, with how many parties say so."""

# members of an enumeration, by names of this module: looking one up in its class costs more than comparing two words
_GIVEN, _INITIAL, _NUMBER, _PARTICLE, _WORD = Role.GIVEN, Role.INITIAL, Role.NUMBER, Role.PARTICLE, Role.WORD
_ALIKE, _LEARNT, _SOUND = Relation.ALIKE, Relation.LEARNT, Relation.SOUND
_TABLE_ROLES = frozenset({Role.CONCEPT, Role.LEGAL_FORM, Role.PLACE, Role.SOFT, Role.NATION})
_ALPHABETS_WITHOUT_VOWELS = ("\u0590", "\u08ff")
"""Hebrew and Arabic blocks: words written without short vowels, so only consonants can be compared."""


class Likeness(NamedTuple):
    """`value` 0-1; `relation` and `note` say why."""

    value: float
    relation: Relation
    note: str = ""


class Lexicon(NamedTuple):
    """What the lists themselves tell of words: which are known to them, and which they use for one another."""

    known: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    learnt: Learnt = MappingProxyType({})


VOWEL_FIRST = "A"
"""The mark of a skeleton whose word begins with a vowel; it vanishes inside a word."""

NO_LEXICON = Lexicon()

_SAME = Likeness(1.0, Relation.SAME)
_MEANING = Likeness(n.MEANING, Relation.MEANING)
_AKIN = Likeness(n.AKIN, Relation.MEANING, "words that translators use for one another")
_AS_INITIAL = Likeness(n.INITIAL, Relation.INITIAL)
_BOTH_INITIAL = Likeness(n.INITIAL_BOTH, Relation.INITIAL)
_ADJECTIVE_OF = Likeness(n.ADJECTIVE, Relation.MEANING, "adjective of the same word")
_CH_FOR_KH = Likeness(n.CH_AS_KH, _SOUND, "ch is written for kh in Polish, Czech and German")
_VOWELS_NEAR = Likeness(n.NEAR_VOWELS, _SOUND, "e and i, o and u stand for one another")
_LETTERS_NEAR = Likeness(n.NEAR_LETTERS, _SOUND, "letters that languages write for one another")
_SKELETONS_SAME = Likeness(n.SKELETON_SAME, _SOUND)

_ADJECTIVE_ENDING = re.compile(r"(?:n?s)?k(?:i|ii|aia|oe|oie|oi|ogo|ih|ie)|sk")
_CH = "C"
"""The letter that `sound` has for ch."""
_CH_OR_KH = {_CH, "h"}

_NEAR_VOWELS = str.maketrans("eo", "iu")


def is_vowelless(token: Token) -> bool:
    """Whether the word is written in a script that leaves short vowels out (Persian, Arabic, Hebrew)."""
    low, high = _ALPHABETS_WITHOUT_VOWELS
    return bool(token.native) and low <= token.native[0] <= high


def is_initial(token: Token) -> bool:
    """Whether the word is an initial: read as one, or a single letter that is a particle elsewhere (V. Zhirinovsky)."""
    return token.role is _INITIAL or (token.role is _PARTICLE and len(token.plain) == 1)


def likeness(a: Token, b: Token, lexicon: Lexicon = NO_LEXICON, *, person: bool = True) -> Likeness | None:
    """Return how alike subject word `a` and listed word `b` are, or None when they are different words.

    Rules in order (MATCHING.md step 9): numbers and initials, the tables, the letters, the consonants across scripts,
    what the lists taught, and at last a bounded number of typing errors.
    """
    if a.role is _NUMBER or b.role is _NUMBER:
        return _SAME if a.plain == b.plain else None
    if (len(a.plain) <= n.INITIAL_LETTERS or len(b.plain) <= n.INITIAL_LETTERS) and (is_initial(a) or is_initial(b)):
        return _initial(a, b) if person else _same_letters(a, b)
    if a.plain == b.plain and a.native == b.native:
        return _SAME
    if a.concept and b.concept:
        return _tabled(a, b)
    if a.sound == b.sound and a.sound and _long_enough(a, b):
        return Likeness(_spelled(n.SOUND, a, b), _SOUND)
    if a.native or b.native:
        return _in_own_script(a, b, lexicon, person)
    return _spelling(a, b, lexicon, person)


def _initial(a: Token, b: Token) -> Likeness | None:
    if not a.sound or not b.sound:
        return None
    if is_initial(a) and is_initial(b):
        return _BOTH_INITIAL if a.sound == b.sound else None
    short, full = (a, b) if is_initial(a) else (b, a)
    if full.role in _TABLE_ROLES or full.role is _NUMBER:
        return None
    if full.plain.startswith(short.plain):
        return _AS_INITIAL
    # Y sounds i before a vowel only: Y. may be Iuri, but not Ingrid
    other = short.plain in ("y", "j") and full.plain[:1] == "i" and full.plain[1:2] not in "aeou"
    return _AS_INITIAL if full.sound.startswith(short.sound) and not other else None


def _same_letters(a: Token, b: Token) -> Likeness | None:
    return _SAME if a.plain == b.plain else None


def _long_enough(a: Token, b: Token) -> bool:
    """Folded sounds of three letters or fewer also fold abbreviations (NPP, NNP) into one: their letters decide."""
    return bool(a.native or b.native) or min(len(a.plain), len(b.plain)) > n.ABBREVIATION_LETTERS or a.plain == b.plain


def _tabled(a: Token, b: Token) -> Likeness | None:
    if a.concept != b.concept:
        return _AKIN if b.concept in akin_to(a.concept) else None
    if a.sound == b.sound:
        return Likeness(_spelled(n.SOUND, a, b), _SOUND)
    if a.role is _GIVEN:
        return Likeness(_spelled(n.GIVEN, a, b), _SOUND, "forms of one given name")
    if a.skeleton == b.skeleton and is_vowelless(a) != is_vowelless(b):
        return _SKELETONS_SAME
    return _MEANING


def _spelled(value: float, a: Token, b: Token) -> float:
    """Among spellings of one word the nearer comes first: Qassem is nearer to Qasem than to Ghasem."""
    return value - n.SPELLED_APART * OSA.normalized_distance(a.plain, b.plain)


def _in_own_script(a: Token, b: Token, lexicon: Lexicon, person: bool) -> Likeness | None:
    """Words of which one at least is not in Latin letters: without vowels both, one or none of them."""
    vowelless = is_vowelless(a)
    if vowelless == is_vowelless(b):
        return _native_letters(a, b) if vowelless else _spelling(a, b, lexicon, person)
    best = _across_scripts(a, b)
    if best is not None and best.value >= n.SKELETON_SAME:
        return best
    other = _spelling(a, b, lexicon, person)
    if best is None or (other is not None and (other.relation is _LEARNT or other.value > best.value)):
        return other
    return best


def _spelling(a: Token, b: Token, lexicon: Lexicon, person: bool) -> Likeness | None:
    """The rules that go by the sound: what the lists taught, an adjective of the word, typing errors."""
    first, second = a.sound, b.sound
    support = lexicon.learnt.get((first, second) if first < second else (second, first), 0)
    if support:
        return Likeness(n.LEARNT, _LEARNT, f"both spellings are used for {support} listed parties")
    if first[: n.ADJECTIVE_LETTERS] == second[: n.ADJECTIVE_LETTERS] and (found := _adjective(first, second)):
        return found
    return _edited(a, b, lexicon, person)


def _native_letters(a: Token, b: Token) -> Likeness | None:
    """Two words in the same vowelless script: compared letter by letter, since each letter weighs more."""
    length = max(len(a.native), len(b.native))
    if min(len(a.native), len(b.native)) < n.NATIVE_EDIT_LETTERS:
        return None
    edits = OSA.distance(a.native, b.native, score_cutoff=1)
    if edits > 1:
        return None
    return Likeness(1 - edits / length, _ALIKE) if edits else _SAME


def _across_scripts(a: Token, b: Token) -> Likeness | None:
    """Consonant skeletons of a vowelless and a vowelled word (MATCHING.md step 6)."""
    strong_a, strong_b, weak_a, weak_b = a.skeleton, b.skeleton, a.weak_skeleton, b.weak_skeleton
    if not strong_a or not strong_b:
        return None
    if strong_a == strong_b:
        if derived_across(*((a, b) if is_vowelless(a) else (b, a))):
            return Likeness(n.DERIVED, Relation.ALIKE, "a name and the family name made of it")
        if weak_a == weak_b:
            return _SKELETONS_SAME
        if len(strong_a) == 1:
            return None
        value = n.SKELETON_BASE + n.SKELETON_WEAK * OSA.normalized_similarity(weak_a, weak_b)
        return Likeness(value, _SOUND)
    shorter = min(len(weak_a), len(weak_b))
    if shorter < n.SKELETON_EDIT_LETTERS or (weak_a[0] != weak_b[0] and {weak_a[0], weak_b[0]} != _CH_OR_KH):
        return None
    edits = OSA.distance(weak_a, weak_b, score_cutoff=2)
    if edits <= 1:
        return Likeness(n.SKELETON_ONE_EDIT, _ALIKE)
    if edits == 2 and shorter >= n.SKELETON_TWO_EDIT_LETTERS:
        return Likeness(n.SKELETON_TWO_EDITS, _ALIKE)
    return None


def _adjective(a: str, b: str) -> Likeness | None:
    """Arzamasskij zavod is the plant of Arzamas: a Russian adjective of place, of a place that no table has."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if len(short) < n.ADJECTIVE_LETTERS or not long.startswith(short):
        return None
    return _ADJECTIVE_OF if _ADJECTIVE_ENDING.fullmatch(long, len(short)) else None


_BUDGETS = tuple(
    next(edits for longest, edits in n.EDIT_BUDGET if length <= longest) for length in range(n.EDIT_BUDGET[-2][0] + 2)
)
"""The budget of each length, up to the length from which it no longer grows."""


def budget(length: int) -> int:
    """How many typing errors a word of this many letters may hold and still be taken for another."""
    return _BUDGETS[length] if length < len(_BUDGETS) else _BUDGETS[-1]


def _edited(a: Token, b: Token, lexicon: Lexicon, person: bool) -> Likeness | None:
    edits = _edits(a, b)
    if edits is None:
        return None
    first, second = a.sound, b.sound
    if person and title_and_name(a, b):
        return None
    if person and (note := derived(first, second)):
        return Likeness(n.DERIVED, _ALIKE, note)
    if first.replace(_CH, "h") == second.replace(_CH, "h"):
        return _CH_FOR_KH
    if _near_vowels(first) == _near_vowels(second) or _near_vowels(a.plain) == _near_vowels(b.plain):
        return _VOWELS_NEAR
    if near_letters(first, second):
        return _LETTERS_NEAR
    return _slip(a, b, edits, two=two_names(a, b, lexicon.common, person=person), person=person)


def _slip(a: Token, b: Token, edits: int, *, two: bool, person: bool) -> Likeness | None:
    """Return how likely one word is the other with so many errors of writing; less so where they are `two` names."""
    first, second = a.sound, b.sound
    length = max(len(first), len(second))
    value = 1 - edits / length
    if two:
        known = n.BOTH_KNOWN if bool(a.native) == bool(b.native) else n.BOTH_KNOWN_ACROSS
        value -= known * min(1.0, n.BOTH_KNOWN_LETTERS / length)
    elif edits == 1 and length >= (n.TYPO_LETTERS_PERSON if person else n.TYPO_LETTERS):
        value = 1 - n.TYPO / length
    if first[:1] != second[:1]:
        value -= n.FIRST_LETTER
    return Likeness(value, _ALIKE) if value >= n.LEAST_LIKENESS else None


def _edits(a: Token, b: Token) -> int | None:
    """Return how many typing errors lie between two words, None if more than such words may hold."""
    shorter, longer = len(a.sound), len(b.sound)
    if shorter > longer:
        shorter, longer = longer, shorter
    allowed = budget(shorter)
    if allowed == 0 or longer - shorter > allowed + 1:
        return None
    edits = OSA.distance(a.sound, b.sound, score_cutoff=allowed)
    if edits > 1 and abs(len(a.plain) - len(b.plain)) <= allowed:
        edits = min(edits, OSA.distance(a.plain, b.plain, score_cutoff=allowed))
    return edits if edits <= allowed else None


def _near_vowels(word: str) -> str:
    return word.translate(_NEAR_VOWELS)


def join(a: Token, b: Token) -> Token:
    """Return the word that two neighbouring words make when written as one (Haji Zadeh = Hajizadeh)."""
    sound, skeleton = joined_forms(a, b)
    return Token(
        text=f"{a.text} {b.text}",
        first=a.first,
        last=b.last,
        role=_WORD,
        plain=a.plain + b.plain,
        sound=sound,
        skeleton=skeleton,
        weak_skeleton=_run_on(a.weak_skeleton, b.weak_skeleton.removeprefix(VOWEL_FIRST)),
        native=a.native + b.native,
    )


def joined_forms(a: Token, b: Token) -> tuple[str, str]:
    """Return the sound and the skeleton of two neighbouring words written as one."""
    return _run_on(a.sound, b.sound), _run_on(a.skeleton, b.skeleton.removeprefix(VOWEL_FIRST))


def _run_on(first: str, second: str) -> str:
    """Write two forms as one: a letter told twice where they meet is one letter, as within a word (Imani Nejad)."""
    return first + (second[1:] if first[-1:] == second[:1] else second)
