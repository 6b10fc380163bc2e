"""Cyrillic letters of Russian, Ukrainian, Belarusian, Kazakh, Serbian, Macedonian and Bulgarian, in base Latin.

This file owns the letter table only. One spelling per letter is enough, since `sound` folds the romanisations
(ISO 9, GOST, BGN/PCGN, ICAO, passports, French, German …) of one name into one form.
"""

_LETTERS = {
    # Russian, after BGN/PCGN without its apostrophes
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya",
    # Ukrainian and Belarusian
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "v",
    # Serbian and Macedonian
    "ђ": "dj", "ј": "y", "љ": "l", "њ": "n", "ћ": "ch", "џ": "dzh", "ѓ": "g", "ќ": "k", "ѕ": "dz", "ѐ": "e", "ѝ": "i",
    # Kazakh, Kyrgyz, Tatar, Bashkir, Tajik, Uzbek, Azerbaijani
    "қ": "k", "ғ": "g", "ү": "u", "ұ": "u", "ө": "o", "ә": "a", "ң": "n", "һ": "h", "җ": "j", "ҷ": "j", "ҳ": "kh",
    "ӣ": "i", "ӯ": "u", "ҙ": "z", "ҡ": "k", "ҫ": "s", "ҝ": "g", "ҹ": "j", "ӏ": "", "ѣ": "e", "ѳ": "f", "ѵ": "i",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)


def romanise(word: str) -> str:
    """Return a lower-case Cyrillic word in base Latin letters; letters of other scripts stay as they are.

    Bulgarian and Ukrainian write ьо for the Russian ё: Пьотър, Царьов.
    """
    return word.replace("ьо", "ё").translate(_TABLE)
