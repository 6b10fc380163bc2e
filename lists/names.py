"""Names as published: which script one is written in. Folding and reading of names is the matcher's, not a list's."""

import unicodedata
from collections import Counter
from functools import cache

_SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "HANGUL": "Hang",
    "MYANMAR": "Mymr",
    "THAI": "Thai",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "ETHIOPIC": "Ethi",
    "KHMER": "Khmr",
}
"""The first word of a letter's Unicode name, to its ISO 15924 code. Persian and Arabic are both Arab."""


def script_of(text: str) -> str | None:
    """Return the ISO 15924 code of the script that most letters of `text` are in; None if it has no letter of a
    script known here. In a tie the script that comes first in the text wins.
    """
    counts = Counter(script for letter in text if (script := _script_of_letter(letter)))
    return counts.most_common(1)[0][0] if counts else None


@cache
def _script_of_letter(letter: str) -> str | None:
    if not letter.isalpha():
        return None
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0])
