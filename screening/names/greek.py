"""Greek letters in base Latin, as Greek spells foreign names: ντ is d, μπ b, γκ g and ου u.

Two letters are written where one sound has no letter of its own; at the beginning and inside a foreign name alike
(Ντονέτσκ is Donetsk, Λουγκάνσκ Lugansk). One spelling per sound is enough, since `latin.sound` folds the rest.
"""

import re
import unicodedata

_PAIRS = {
    "ντζ": "j", "ντ": "d", "μπ": "b", "γκ": "g", "γγ": "ng", "γχ": "nkh", "τζ": "j", "τσ": "ts", "ου": "u", "ει": "i",
    "οι": "i", "υι": "i", "αι": "e", "αυ": "av", "ευ": "ev", "ηυ": "iv",
}  # fmt: skip
_LETTERS = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "i", "φ": "f",
    "χ": "kh", "ψ": "ps", "ω": "o",
}  # fmt: skip
_DIAERESIS = "\u0308"
_SOUND = re.compile("|".join((*_PAIRS, *_LETTERS)))


def romanise(word: str) -> str:
    """Return a lower-case Greek word in base Latin letters; letters of other scripts stay as they are.

    An accent on the first of two vowels, or a diaeresis on the second, keeps them apart: Μάιος, λαϊκός.
    """
    letters = unicodedata.normalize("NFD", word)
    apart = re.sub("(?<=[αεου])\u0301(?=[ιυ])", "|", letters)
    apart = re.sub(f"(?<=[αεου])(?=[ιυ]{_DIAERESIS})", "|", apart)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _SOUND.sub(lambda found: _PAIRS.get(found[0]) or _LETTERS[found[0]], bare).replace("|", "")
