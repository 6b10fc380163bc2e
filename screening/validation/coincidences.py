"""Coincidences: made-up names that happen to be a listed name, told apart from other false alarms. Pure.

Many people are called Igor Maslov, and one of them is listed: no matcher can clear the others by name. What counts as
the same name is decided here, letter by letter over all spellings of the tables, and never by asking the matcher.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import product

from lists.entity import Kind, ListedEntity
from screening.validation.innocents import Innocent, form_words

_PATRONYMIC = re.compile(r"\w{3,}(?:[oe]vi(?:t?ch|c|ti)|[oe]vna|ович|евич|овна|евна)")
_HONORIFICS = frozenset(
    {*("seyed", "sayyed", "seyyed", "sayed", "syed", "haj", "haji", "dr", "mr", "mrs", "general"), "سید", "حاج", "دکتر"}
)
_FORMS = (
    *("limited liability company", "private limited company", "public joint stock company", "open closed", "opc"),
    *("aktsionernoe obshchestvo s ogranichennoi otvetstvennostyu", "publichnoe otkrytoe zakrytoe", "corporation"),
    *("акционерное общество с ограниченной ответственностью", "публичное открытое закрытое", "incorporated inc corp"),
    *(
        "ltd co llc jsc pjsc ojsc cjsc ooo oao zao pao ao",
        "ооо оао зао пао ао",
        "gmbh ag sa sarl srl bv fze fzco fzc dmcc",
    ),
)
"""Legal forms as lists write them in full, beside those of the made-up companies."""

_BRACKET = re.compile(r"\([^)]*\)")
"""An abbreviation or a note behind a company's name."""

_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ة": "ه", "ё": "е", "\u200c": " ", "\u0640": None})
"""Arabic letters that Persian writes otherwise, ё that Russian may write е, the joiner, and the stretched line."""

_WORD = re.compile(r"[^\W_]+")
_SPELLED = (("ks", "x"), ("w", "v"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ei", "i"), ("ey", "i"), ("aei", "ai"))
"""Latin spellings of one sound: Alexandr and Aleksandr, Tabatabaei and Tabatabai are the same name."""

_I = re.compile(r"[iyj]+")
_DOUBLED = re.compile(r"([a-z])\1")

Words = frozenset[str]


class ListedNames:
    """The listed names as sets of words: without patronymics and honorifics for persons, without legal forms else."""

    def __init__(self, entities: Iterable[ListedEntity]) -> None:
        self._forms = frozenset(word for form in (*form_words(), *_FORMS) for word in words_of(form))
        self._honorifics = frozenset(word for title in _HONORIFICS for word in words_of(title))
        self._fathers: defaultdict[tuple[bool, Words], set[str]] = defaultdict(set)
        for entity in entities:
            person = entity.kind is Kind.PERSON
            for name in entity.names:
                core, father = self._read(name.value, person=person)
                self._fathers[person, core].add(father)

    def coincides(self, made: Innocent) -> bool:
        """Whether the made-up name is, in one of its spellings, a whole listed name of that kind of party.

        A patronymic may be missing on one side; where both have one it must be the same.
        """
        person = made.kind is Kind.PERSON
        dropped = frozenset[str]() if person else self._forms
        fathers = {word for spelling in made.father for word in words_of(spelling)}
        for spelled in ((made.name,), *product(*made.parts)):
            core = frozenset(word for part in spelled for word in words_of(part)) - dropped
            listed = self._fathers.get((person, core), set())
            if listed and (not fathers or "" in listed or fathers & listed):
                return True
        return False

    def _read(self, name: str, *, person: bool) -> tuple[Words, str]:
        if not person:
            return frozenset(words_of(_BRACKET.sub(" ", name))) - self._forms, ""
        words = [word for word in words_of(name) if word not in self._honorifics]
        father = next((w for w in words if len(words) > 2 and _PATRONYMIC.fullmatch(w)), "")
        return frozenset(word for word in words if word != father), father


def words_of(text: str) -> list[str]:
    """Return the words of a name: lower case, without marks and punctuation, Latin spellings of one sound alike."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return [_spelled(word) for word in _WORD.findall("".join(c for c in bare if not unicodedata.combining(c)))]


def _spelled(word: str) -> str:
    if not word.isascii():
        return word
    for other, usual in _SPELLED:
        word = word.replace(other, usual)
    return _DOUBLED.sub(r"\1", _I.sub("i", word))
