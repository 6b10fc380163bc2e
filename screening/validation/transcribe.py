"""Transcribe: one name written in another script, by the published rules of six romanisations and by rule of thumb.

Deliberately apart from `screening.names`: what changes names to test the matcher must not share its tables.
"""

import re
from collections.abc import Callable, Mapping

_COMMON = dict(zip("абвгдзийклмнопрстуфыьъэ", "abvgdziyklmnoprstufy__e", strict=True)) | {"ь": "", "ъ": "", "і": "i"}
_HUSH = {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}

SYSTEMS: Mapping[str, Mapping[str, str]] = {
    # ICAO Doc 9303, the Russian passport since 2010
    "icao": _COMMON | _HUSH | {"е": "e", "ё": "e", "й": "i", "ю": "iu", "я": "ia", "ъ": "ie"},
    # BGN/PCGN 1947, without its marks for the soft and hard sign
    "bgn": _COMMON | _HUSH | {"е": "e", "ё": "yo", "ю": "yu", "я": "ya"},
    # GOST R 7.79-2000 system B
    "gost": _COMMON | _HUSH | {"е": "e", "ё": "yo", "й": "j", "х": "x", "ц": "cz", "щ": "shh", "ю": "yu", "я": "ya"},
    # ISO 9:1995, which marks each letter with a diacritic
    "iso9": _COMMON
    | {"ж": "ž", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ"}
    | {"е": "e", "ё": "ë", "й": "j", "ю": "û", "я": "â", "э": "è"},
    # French transcription, as in the Soviet passport until 1997
    "french": _COMMON
    | {"ж": "j", "х": "kh", "ц": "ts", "ч": "tch", "ш": "ch", "щ": "chtch"}
    | {"е": "e", "ё": "io", "у": "ou", "й": "i", "ю": "iou", "я": "ia"},
    # German transcription (Duden)
    "german": _COMMON
    | {"в": "w", "ж": "sch", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch", "з": "s"}
    | {"е": "e", "ё": "jo", "й": "i", "ю": "ju", "я": "ja"},
}
"""Romanisations of Russian: Cyrillic letter → Latin letters, in lower case."""

_TO_CYRILLIC = (
    *(("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю")),
    *(("ya", "я"), ("yo", "ё"), ("ye", "е"), ("iy", "ий"), ("ph", "ф"), ("ck", "к"), ("qu", "кв")),
    *(("ju", "ю"), ("ja", "я"), ("jo", "ё"), ("je", "е"), ("ij", "ий"), ("ej", "ей"), ("aj", "ай"), ("oj", "ой")),
    *zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхижклмнопкрстуввкйз", strict=True),
)
"""Latin → Cyrillic as a Russian clerk writes a foreign name; x is кс and is put right below."""

_TO_PERSIAN = (
    *(("kh", "خ"), ("gh", "ق"), ("sh", "ش"), ("ch", "چ"), ("zh", "ژ"), ("ph", "ف"), ("th", "ت"), ("ck", "ک")),
    *(("ou", "و"), ("oo", "و"), ("ee", "ی"), ("ei", "ی"), ("ey", "ی"), ("ai", "ای"), ("aa", "ا"), ("ow", "و")),
    *zip("bpjdrzsfqkglmnvwyhtcx", "بپجدرزسفقکگلمنوویهتکس", strict=True),
    *zip("aiou", "ایوو", strict=True),
)
"""Latin → Persian as it is heard; a short e has no letter inside a word."""

_ROMAN = re.compile("[IVX]{2,}")
"""A Roman numeral stays as it is in every script."""

_HARD_Y = re.compile("(?<=[бвгджзклмнпрстфхцчшщ])й(?=[бвгджзклмнпрстфхцчшщ])")
"""A y between consonants is ы: Krym, Крым."""

_LAST_Y = re.compile("(?<=[бвгджзклмнпрстфхцчшщ])й$")
"""A y at the end is ий: Dmitry, Дмитрий."""

_PERSIAN_FIRST = {"a": "ا", "e": "ا", "i": "ای", "o": "او", "u": "او"}


def is_cyrillic(text: str) -> bool:
    """Whether most letters are Cyrillic."""
    return _share(text, lambda c: "\u0400" <= c <= "\u04ff") > 0.5


def is_latin(text: str) -> bool:
    """Whether most letters are Latin, with or without diacritics."""
    return _share(text, lambda c: c.isalpha() and c < "\u0250") > 0.5


def romanise(text: str, system: str) -> str:
    """Return Cyrillic text in Latin letters by one of `SYSTEMS`; other characters stay. Raises KeyError for another."""
    return " ".join(_romanised(word, SYSTEMS[system]) for word in text.split(" "))


def to_cyrillic(text: str) -> str:
    """Return a Latin name in Cyrillic letters, by rule; the case of each word's first letter is kept."""
    return " ".join(
        word if _ROMAN.fullmatch(word) else _LAST_Y.sub("ий", _HARD_Y.sub("ы", _word(word, _TO_CYRILLIC))).capitalize()
        for word in text.split()
    )


def _romanised(word: str, table: Mapping[str, str]) -> str:
    capitals = word.isupper() and len(word) > 1
    return "".join(_cased(table[c.lower()], c, capitals=capitals) if c.lower() in table else c for c in word)


def to_persian(text: str) -> str:
    """Return a Latin name in Persian letters, by rule: doubled letters once, a final -i and -eh as they are spelled."""
    return " ".join(_persian_word(word) for word in text.replace("-", " ").split())


def _persian_word(word: str) -> str:
    bare = "".join(c for c in word.lower() if c.isalpha())
    if not bare:
        return word
    first = _PERSIAN_FIRST.get(bare[0], "")
    rest = bare[1:] if first else bare
    rest = rest.removesuffix("eh") + "h" if rest.endswith("eh") else rest
    return first + _word(_undoubled(rest), _TO_PERSIAN).replace("e", "")


def _undoubled(word: str) -> str:
    return "".join(c for i, c in enumerate(word) if i == 0 or c != word[i - 1] or c in "aeo")


def _word(word: str, table: tuple[tuple[str, str], ...]) -> str:
    rest, written = word.lower().replace("x", "ks"), ""
    while rest:
        found = next(((latin, other) for latin, other in table if rest.startswith(latin)), (rest[0], rest[0]))
        written += found[1]
        rest = rest[len(found[0]) :]
    return written


def _cased(written: str, letter: str, *, capitals: bool) -> str:
    if capitals:
        return written.upper()
    return written.capitalize() if letter.isupper() else written


def _share(text: str, belongs: Callable[[str], bool]) -> float:
    letters = [c for c in text if c.isalpha()]
    return sum(map(belongs, letters)) / len(letters) if letters else 0.0
