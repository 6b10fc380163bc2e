"""Cleaning a written name: invisible characters, Unicode forms, brackets and lists of names, and its written words.

Nothing here knows what a word means; it only decides what the words and the separate forms of a name are.
"""

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = "'’‘`´ʹʼʻʽʾʿ′ˈ＇ʺ\u201b"
_KEEP_BLANK = {"\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85"}


def _dropped(code: int) -> bool:
    """Whether a character only decorates or hides: format and control characters, marks, tatweel, harakat."""
    character = chr(code)
    if character in _KEEP_BLANK:
        return False
    category = unicodedata.category(character)
    return category in ("Cf", "Cc", "Cs", "Co") or character == "ـ" or (category == "Mn" and 0x0600 <= code <= 0x06FF)


_DROP = {code: None for code in (*range(0x0000, 0x3000), *range(0xFE00, 0xFFFF), 0xE0001) if _dropped(code)}
_DROP.update({ord(character): None for character in _APOSTROPHES})
_STRESS = {0x0300: None, 0x0301: None, 0x0341: None}
"""Accents that no letter of the name has (those were put together with it): Анато́лий, as encyclopaedias mark stress."""
_SOFT_HYPHENLIKE = {0x00A0: " ", 0x2028: " ", 0x2029: " "}
_WORD = re.compile(r"[^\W_]+")
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]{2,})([1-9]\d*)$|([1-9]\d*)([^\W\d_]{2,})$")
_BRACKET = re.compile(r"[(\[{（]([^()\[\]{}（）]*)[)\]}）]")
_OTHER_NAME = re.compile(
    r"\s*;\s*|\s+[/|]\s+|\s*\b(?:a\.?k\.?a\.?|f\.?k\.?a\.?|f/k/a|a/k/a|n/k/a"
    r"|also known as|formerly known as|formerly|(?<=\S\s)alias)\b[.:]?\s+",
    re.IGNORECASE,
)
_OPEN_BRACKET = re.compile(r"(?<=\S)\s*[(\[{（]([^()\[\]{}（）]*)$")
_ELISION = re.compile(
    rf"\b(?:l|d|dell|all|dall|nell|sull|qu)[{_APOSTROPHES}](?=[aeiouhàâéèêëîïôûAEIOUHÀÂÉÈÊËÎÏÔÛ])", re.IGNORECASE
)
_DASH = re.compile(r"\s+[-–—]\s+")

_LATIN_FOR_CYRILLIC = {
    "а": "a", "с": "c", "е": "e", "і": "i", "о": "o", "р": "p", "х": "x", "у": "y", "ѕ": "s", "ј": "j", "ԁ": "d",
    "һ": "h", "к": "k", "м": "m", "т": "t", "в": "b", "н": "h", "ӏ": "l", "г": "r", "п": "n", "ԛ": "q", "ԝ": "w",
    "ѵ": "v", "ё": "e",
}  # fmt: skip
_LATIN_FOR_GREEK = {
    "α": "a", "ο": "o", "ν": "v", "ρ": "p", "ι": "i", "υ": "u", "κ": "k", "τ": "t", "χ": "x", "γ": "y", "ε": "e",
    "μ": "m", "η": "n", "β": "b", "ζ": "z",
}  # fmt: skip
_LOWER_CYRILLIC_FOR_LATIN = {
    "a": "а", "b": "в", "c": "с", "e": "е", "h": "н", "i": "і", "j": "ј", "k": "к", "m": "м", "o": "о", "p": "р",
    "s": "ѕ", "t": "т", "x": "х", "y": "у", "r": "г", "n": "п", "u": "и",
}  # fmt: skip


def tidy(text: str) -> str:
    """Return the text in NFKC without what is no letter: format marks, tatweel, harakat, apostrophes, stress."""
    text = text.translate(_SOFT_HYPHENLIKE).translate(_DROP)
    return unicodedata.normalize("NFKC", text).translate(_STRESS) if not text.isascii() else text


def without_elisions(text: str) -> str:
    """Return the text without French and Italian articles before an apostrophe: l'armement, dell'IRGC, d'État."""
    return _ELISION.sub("", text) if not text.isalnum() else text


def words_of(tidied: str) -> tuple[str, ...]:
    """Return the written words of a tidied text, in order; digits at a word's end are a word of their own.

    `OLYA-3` and `OLYA3` both give OLYA and 3. Digits inside a word stay: they may be misread letters.
    """
    words: list[str] = []
    for word in _WORD.findall(tidied):
        split = _LETTERS_AND_DIGITS.match(word) if not word.isalpha() and not word.isdecimal() else None
        if split:
            words.extend(piece for piece in split.groups() if piece)
        else:
            words.append(word)
    return tuple(words)


def forms_of(tidied: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return (whole names, brackets): the alternatives a text lists, and its brackets as (content, text before it).

    Alternatives are set apart by `;`, ` / ` or `a.k.a.`; the first is the main one. Brackets are cut out of it.
    """
    brackets: list[tuple[str, str]] = []
    if "(" in tidied or "[" in tidied or "{" in tidied or "（" in tidied:
        for found in _BRACKET.finditer(tidied):
            brackets.append((found.group(1).strip(), tidied[: found.start()].strip()))
        tidied = _BRACKET.sub(" ", tidied)
        if left_open := _OPEN_BRACKET.search(tidied):
            brackets.append((left_open.group(1).strip(), tidied[: left_open.start()].strip()))
            tidied = tidied[: left_open.start()]
    names = [name.strip() for name in _OTHER_NAME.split(tidied)]
    return tuple(name for name in names if name), tuple(brackets)


def dash_parts(tidied: str) -> tuple[str, ...]:
    """Return the parts of a name written with a dash between blanks, or nothing if there is none."""
    parts = [part.strip() for part in _DASH.split(tidied)]
    return tuple(part for part in parts if part) if len(parts) > 1 else ()


def script_of(word: str) -> str:
    """Return the ISO 15924 code of the script most of the letters belong to; `Zyyy` if there is no letter."""
    if word.isascii():
        return "Latn" if any(character.isalpha() for character in word) else "Zyyy"
    counts: dict[str, int] = {}
    for character in word:
        script = _script(character)
        if script:
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script]) if counts else "Zyyy"


_SCRIPTS = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "ARABIC": "Arab", "GREEK": "Grek", "HEBREW": "Hebr", "GEORGIAN": "Geor",
    "ARMENIAN": "Armn", "CJK": "Hani", "HIRAGANA": "Jpan", "KATAKANA": "Jpan", "HANGUL": "Kore", "THAI": "Thai",
    "DEVANAGARI": "Deva",
}  # fmt: skip


@lru_cache(maxsize=1 << 14)
def _script(character: str) -> str:
    if not character.isalpha():
        return ""
    return _SCRIPTS.get(unicodedata.name(character, "").split(" ", 1)[0], "Zzzz")


def one_script(word: str) -> str:
    """Return a lower-case word with look-alike letters of another script put into the script most letters have.

    Моrtaza (Cyrillic М, о) becomes mortaza. A tie goes to Cyrillic, since a Latin keyboard fills in for it more often
    (АO, with a Latin O); the other way round a tie would have nothing to tell it.
    """
    if word.isascii():
        return word
    counts = {"Latn": 0, "Cyrl": 0, "Grek": 0}
    for character in word:
        script = _script(character)
        if script in counts:
            counts[script] += 1
    if counts["Latn"] + counts["Cyrl"] == 0 or sum(1 for count in counts.values() if count) < 2:
        return word
    if counts["Cyrl"] >= counts["Latn"]:
        return "".join(_LOWER_CYRILLIC_FOR_LATIN.get(character, character) for character in word)
    return "".join(_LATIN_FOR_CYRILLIC.get(character, _LATIN_FOR_GREEK.get(character, character)) for character in word)
