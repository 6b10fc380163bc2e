"""Manipulate: a listed name as it arrives in practice, damaged or rewritten in one way at a time. Pure.

Each manipulation takes a name and a seeded source of chance, and returns the changed name, or None where it does not
apply. What each is made of is written here from how such errors arise, not from what the matcher copes with.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lists.entity import Kind
from screening.validation import transcribe

SHORTEST = 5
"""Letters of a word that may get a typing error: in a shorter one the error makes another word."""

_CYRILLIC_LETTERS = "абвгдежзиклмнопрстуфхчшя"
_PERSIAN_LETTERS = "ابپتجچخدرزسشفقکگلمنوهی"
_LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_LOOKALIKES = dict(zip("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ", strict=True))
"""Latin letters and the Cyrillic ones that look the same (Unicode confusables)."""

_MARKS = {"a": "á", "c": "č", "e": "é", "i": "í", "n": "ñ", "o": "ö", "s": "š", "u": "ü", "y": "ý", "z": "ž"}
_INVISIBLE = ("\u200b", "\u200c", "\u00ad", "\u2060", "\ufeff")
_OCR = (
    *(("o", "0"), ("O", "0"), ("l", "1"), ("I", "l"), ("I", "1"), ("S", "5"), ("B", "8"), ("G", "6"), ("Z", "2")),
    *(("m", "rn"), ("w", "vv"), ("d", "cl"), ("i", "l"), ("g", "9"), ("e", "c"), ("h", "b")),
)
"""What a scanner takes for one another, capitals and small letters apart: a G becomes a 6, a g a 9."""

_NOT_DROPPED = frozenset({"abd", "abdul", "abdel", "abu", "abou", "al", "el", "bin", "ibn", "ben", "de", "van", "von"})
"""Words that begin a name of several words; without them, or without what follows, it is no name any more."""

DROPPED_LETTERS = 4
"""Letters of a middle word that people leave out; shorter ones are halves of Korean and Chinese given names."""

_FOREIGN = re.compile("[^ -~]|tj|sj|cz|sz", re.IGNORECASE)
"""Marks of a Swedish, Polish or Baltic spelling, which nobody turns back into Cyrillic letter by letter."""

_RESPELLINGS = (
    *(("ei", "ey"), ("ey", "ei"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("q", "gh"), ("gh", "q"), ("iy", "y")),
    *(("ss", "s"), ("mm", "m"), ("yu", "iu"), ("ya", "ia"), ("kh", "h"), ("ts", "c"), ("zh", "j"), ("ov", "off")),
    *(("ev", "eff"), ("ks", "x"), ("ay", "ai"), ("ai", "ay"), ("v", "w"), ("shch", "sch"), ("aei", "ai")),
)
"""Spellings that the romanisations in use put for each other, Persian and Russian."""

FORMS = (
    *(("LLC", "OOO"), ("LLC", "Limited Liability Company"), ("OOO", "LLC"), ("JSC", "AO"), ("AO", "JSC")),
    *(("JSC", "Joint Stock Company"), ("Joint Stock Company", "JSC"), ("Limited Liability Company", "LLC")),
    *(("PJSC", "PAO"), ("PAO", "PJSC"), ("OJSC", "OAO"), ("OAO", "OJSC"), ("CJSC", "ZAO"), ("ZAO", "CJSC")),
    *(("Company", "Co."), ("Co.", "Company"), ("Co", "Company"), ("CO.", "Company"), ("Limited", "Ltd")),
    *(("Ltd", "Limited"), ("LTD", "Limited"), ("LTD.", "Limited"), ("Ltd.", "Limited"), ("Corporation", "Corp.")),
    *(("Corp.", "Corporation"), ("ООО", "Общество с ограниченной ответственностью"), ("АО", "Акционерное общество")),
    *(("Акционерное общество", "АО"), ("GmbH", "G.m.b.H."), ("FZE", "F.Z.E."), ("DMCC", "D.M.C.C."), ("Inc.", "Inc")),
)
"""Legal forms as a list writes them, and the same form written otherwise."""

Change = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Manipulation:
    """One class: its key, what is done in plain words, to what kinds of entity, and the function that does it.

    `tie` restricts it to entities tied to one country: a Dutch firm is not written in Persian by anybody.
    """

    key: str
    text: str
    change: Change
    kinds: frozenset[Kind] = frozenset(Kind)
    tie: str = ""


def typo_insert(name: str, chance: random.Random) -> str | None:
    """One letter too many inside a word."""
    return _in_word(name, chance, lambda w, i: w[:i] + chance.choice(_letters(w)) + w[i:])


def typo_delete(name: str, chance: random.Random) -> str | None:
    """One letter missing inside a word."""
    return _in_word(name, chance, lambda w, i: w[:i] + w[i + 1 :])


def typo_substitute(name: str, chance: random.Random) -> str | None:
    """One letter replaced inside a word."""
    return _in_word(name, chance, lambda w, i: w[:i] + _other(w[i], chance) + w[i + 1 :])


def typo_transpose(name: str, chance: random.Random) -> str | None:
    """Two neighbouring letters swapped inside a word."""
    return _in_word(name, chance, lambda w, i: w[: i - 1] + w[i] + w[i - 1] + w[i + 1 :], first=2)


def order(name: str, _chance: random.Random) -> str | None:
    """The last word put first."""
    words = name.split()
    return " ".join([words[-1], *words[:-1]]) if len(words) > 1 else None


def order_comma(name: str, _chance: random.Random) -> str | None:
    """The last word put first with a comma, as registers do."""
    words = name.split()
    return f"{words[-1]}, {' '.join(words[:-1])}" if len(words) > 1 and "," not in name else None


def dropped_part(name: str, chance: random.Random) -> str | None:
    """One middle word left out of a name of three or more: a patronymic, a second given name.

    Never a part of a family name that the list marks by capitals (Javier ABAUNZA MARTINEZ), nor Abdul, Abu or Al and
    what follows them.
    """
    words = name.split()
    capitals = [word.isupper() for word in words]
    fit = [
        at
        for at in range(1, len(words) - 1)
        if len(words[at]) >= DROPPED_LETTERS
        and (all(capitals) or not capitals[at])
        and not _binds(words[at])
        and not _binds(words[at - 1])
    ]
    if not fit:
        return None
    at = chance.choice(fit)
    return " ".join(words[:at] + words[at + 1 :])


def _binds(word: str) -> bool:
    return re.split(r"[-'’]", word.lower())[0] in _NOT_DROPPED


def initials(name: str, _chance: random.Random) -> str | None:
    """The middle words of a name of three or more cut to initials."""
    words = name.split()
    if len(words) < 3 or not all(w[0].isalpha() for w in words):
        return None
    return " ".join([words[0], *(f"{w[0].upper()}." for w in words[1:-1]), words[-1]])


def romanised(name: str, chance: random.Random) -> str | None:
    """A Cyrillic name in Latin letters, by one of six systems in use."""
    if not transcribe.is_cyrillic(name):
        return None
    return transcribe.romanise(name, chance.choice(sorted(transcribe.SYSTEMS)))


def respelled(name: str, chance: random.Random) -> str | None:
    """A Latin spelling replaced by another in use for the same sound."""
    found = [pair for pair in _RESPELLINGS if pair[0] in name[1:]]
    if not found or not transcribe.is_latin(name):
        return None
    old, new = chance.choice(found)
    return name[0] + re.sub(old, new, name[1:], count=1, flags=re.IGNORECASE)


def in_cyrillic(name: str, _chance: random.Random) -> str | None:
    """A Latin name written in Cyrillic, by rule."""
    return transcribe.to_cyrillic(name) if transcribe.is_latin(name) and not _FOREIGN.search(name) else None


def in_persian(name: str, _chance: random.Random) -> str | None:
    """A Latin name written in Persian letters, by rule."""
    return transcribe.to_persian(name) if transcribe.is_latin(name) else None


def form_changed(name: str, chance: random.Random) -> str | None:
    """The legal form written in another usual way."""
    found = [pair for pair in FORMS if _has_form(name, pair[0])]
    if not found:
        return None
    old, new = chance.choice(found)
    return _form(old).sub(new, name, count=1)


def form_dropped(name: str, _chance: random.Random) -> str | None:
    """The legal form left out; something to know the company by must remain."""
    old = next((old for old, _ in sorted(FORMS, key=lambda f: -len(f[0])) if _has_form(name, old)), None)
    if old is None:
        return None
    rest = " ".join(_form(old).sub(" ", name, count=1).split())
    return rest if len(rest.split()) > 1 else None


def joined(name: str, chance: random.Random) -> str | None:
    """Two neighbouring words written as one."""
    words = name.split()
    if len(words) < 2:
        return None
    at = chance.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def split(name: str, chance: random.Random) -> str | None:
    """One word of seven letters or more written as two."""
    return _in_word(name, chance, lambda w, i: f"{w[:i]} {w[i:]}", least=7, first=3, last=3)


def hyphenated(name: str, chance: random.Random) -> str | None:
    """Two neighbouring words joined by a hyphen."""
    gaps = [m.start() for m in re.finditer(" ", name)]
    if not gaps:
        return None
    at = chance.choice(gaps)
    return f"{name[:at]}-{name[at + 1 :]}"


def homoglyph(name: str, chance: random.Random) -> str | None:
    """One to three letters replaced by those of another script that look the same."""
    table = _LOOKALIKES if transcribe.is_latin(name) else {v: k for k, v in _LOOKALIKES.items()}
    places = [i for i, c in enumerate(name) if c in table]
    chosen = set(chance.sample(places, min(len(places), chance.randint(1, 3))))
    return "".join(table[c] if i in chosen else c for i, c in enumerate(name)) if chosen else None


def invisible(name: str, chance: random.Random) -> str | None:
    """A character that nobody sees put inside a word."""
    return _in_word(name, chance, lambda w, i: w[:i] + chance.choice(_INVISIBLE) + w[i:])


def diacritics(name: str, chance: random.Random) -> str | None:
    """One or two letters with marks that the list does not write."""
    places = [i for i, c in enumerate(name) if c in _MARKS]
    chosen = set(chance.sample(places, min(len(places), chance.randint(1, 2))))
    return "".join(_MARKS[c] if i in chosen else c for i, c in enumerate(name)) if chosen else None


def ocr(name: str, chance: random.Random) -> str | None:
    """One letter read wrongly by a scanner: 0 for o, rn for m."""
    found = [pair for pair in _OCR if pair[0] in name[1:]]
    if not found or not transcribe.is_latin(name):
        return None
    old, new = chance.choice(found)
    places = [m.start() for m in re.finditer(old, name[1:])]
    at = 1 + chance.choice(places)
    return name[:at] + new + name[at + len(old) :]


def _in_word(
    name: str,
    chance: random.Random,
    change: Callable[[str, int], str],
    *,
    least: int = SHORTEST,
    first: int = 1,
    last: int = 1,
) -> str | None:
    """Change one word of enough letters at a place that leaves its `first` and `last` letters alone."""
    words = name.split(" ")
    fit = [i for i, word in enumerate(words) if len(word) >= least and word.isalpha()]
    if not fit:
        return None
    at = chance.choice(fit)
    word = words[at]
    changed = change(word, chance.randrange(first, len(word) - last + 1))
    return None if changed == word else " ".join([*words[:at], changed, *words[at + 1 :]])


def _letters(word: str) -> str:
    if transcribe.is_cyrillic(word):
        return _CYRILLIC_LETTERS
    return _LATIN_LETTERS if transcribe.is_latin(word) else _PERSIAN_LETTERS


def _other(letter: str, chance: random.Random) -> str:
    new = chance.choice([c for c in _letters(letter) if c != letter.lower()])
    return new.upper() if letter.isupper() else new


def _form(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(form)}(?![\w.])")


def _has_form(name: str, form: str) -> bool:
    return _form(form).search(name) is not None


def changed(name: str, manipulation: Manipulation, chance: random.Random, listed: Sequence[str] = ()) -> str | None:
    """Return the name manipulated, or None where that does not apply or gives a name that the entity carries anyway."""
    new = manipulation.change(name, chance)
    if not new or new.casefold() in {other.casefold() for other in (name, *listed)}:
        return None
    return new
