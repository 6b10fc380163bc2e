"""Hungarian spelling: in no other language does s sound sh and sz sound s, so names in it need a reading of their own.

Polish writes sz for sh, therefore `latin.sound` cannot fold Hungarian spellings for all names alike; here they are put
into English ones, in names that are surely Hungarian.
"""

import re
from collections.abc import Iterable

_MARKS = frozenset(
    (
        *("rt", "kft", "nyrt", "zrt", "bt", "és", "vállalat", "gyár", "gyára", "üzem", "társaság", "részvénytársaság"),
        *("intézet", "intézete", "központ", "csoport", "állami", "szövetségi", "kutatóintézet", "kutatóintézete"),
    )
)
_OWN_LETTERS = frozenset("őű")
_SOUNDS = {
    "dzs": "j", "ccs": "ch", "ssz": "s", "zzs": "zh", "sz": "s", "zs": "zh", "cs": "ch", "gy": "d", "ny": "n",
    "ly": "l", "ty": "t", "s": "sh", "c": "ts", "j": "y",
}  # fmt: skip
_SPELLING = re.compile("|".join(_SOUNDS))
_ENDINGS = re.compile("(?<=..)(?:r[óo]l|r[őo]l|n[ae]k|b[ae]n)$|(?<=.{4})i$")
"""Of, about, to, in, and of a place: "Sokinról elnevezett" is named after Sokin, "Vologdai" is of Vologda."""


def is_hungarian(words: Iterable[str]) -> bool:
    """Tell whether the written words of a name are surely Hungarian: its legal forms, or the letters ő and ű."""
    return any(word in _MARKS or not _OWN_LETTERS.isdisjoint(word) for word in (word.lower() for word in words))


def respelt(word: str) -> str:
    """Return a Hungarian word in English spelling: Szergej Sojgu is Sergey Shoygu."""
    return _SPELLING.sub(lambda found: _SOUNDS[found[0]], _ENDINGS.sub("", word.lower()))
