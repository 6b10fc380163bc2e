"""Persian and Arabic letters: one form of each, their base Latin rendering, and the consonant skeleton.

Short vowels are not written, so a romanised spelling can only be compared by its consonants. The skeleton comes
straight from the letters, never through Latin digraphs (سپهر through "sphr" would read p + h as f; MATCHING.md,
step 6).
"""

_UNIFIED = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ئ": "ی", "ێ": "ی",
        "ك": "ک", "ګ": "گ", "ڪ": "ک",
        "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه", "ۂ": "ه",
        "أ": "ا", "إ": "ا", "ٱ": "ا", "ٲ": "ا",
        "ؤ": "و", "ۆ": "و", "ۇ": "و", "ۈ": "و", "ڤ": "ف", "ڵ": "ل", "ڕ": "ر",
        "ټ": "ت", "ډ": "د", "ړ": "ر", "ږ": "ژ", "ښ": "ش", "ڼ": "ن", "څ": "چ", "ځ": "ز",
        "ٹ": "ت", "ڈ": "د", "ڑ": "ر", "ں": "ن", "ے": "ی", "ء": "",
    }
)  # fmt: skip
_LATIN = {
    "آ": "a", "ا": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh",
    "د": "d", "ذ": "z", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "z", "ط": "t",
    "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n",
    "و": "v", "ه": "h", "ی": "y",
}  # fmt: skip
_CLASS = {
    "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ج": "j", "چ": "C", "ح": "h", "خ": "h",
    "ه": "h", "د": "d", "ذ": "z", "ز": "z", "ض": "z", "ظ": "z", "ر": "r", "ژ": "j", "ش": "S", "غ": "g", "ق": "g",
    "گ": "g", "ف": "f", "ک": "k", "ل": "l", "م": "m", "ن": "n", "و": "v", "ی": "y",
}  # fmt: skip
_VOWEL_LETTERS = "اآع"


def unify(word: str) -> str:
    """Return the word with one form of each letter: ی for ي and ى, ک for ك, ه for ة and ۀ, ا for أ and إ."""
    return word.translate(_UNIFIED)


def romanise(word: str) -> str:
    """Return a unified word letter by letter in Latin, without the vowels that are not written."""
    return "".join(_LATIN.get(letter, "") for letter in word)


def weak_skeleton(word: str) -> str:
    """Return the consonant classes of a unified word with v and y kept and an initial vowel marked `A`.

    A final ه, ح or خ is dropped as a final h is in romanised names; خوا is read khā.
    """
    letters = word.replace("خوا", "خا")
    initial = "A" if letters[:1] in _VOWEL_LETTERS and letters else ""
    body = "".join(_CLASS.get(letter, "") for letter in letters)
    if len(body) > 1 and body.endswith("h"):
        body = body[:-1]
    return initial + _single(body)


def _single(body: str) -> str:
    kept: list[str] = []
    for letter in body:
        if not kept or kept[-1] != letter:
            kept.append(letter)
    return "".join(kept)
