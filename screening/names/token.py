"""Token and ReadName: what reading a name yields, and all that comparing two names needs."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a word does in a name; scoring weighs it by this and by how rare it is."""

    WORD = "word"  # a given or family name, or a company's own name: what tells one from another
    GIVEN = "given"  # a word of the given-name table
    PATRONYMIC = "patronymic"
    INITIAL = "initial"
    HONORIFIC = "honorific"  # Seyed, Haj, Sardar, Dr
    PARTICLE = "particle"  # al, bin, von
    LEGAL_FORM = "legal_form"  # OOO, LLC, Sherkat-e Sahami Khass
    CONCEPT = "concept"  # a trade word in any language: bank, oil, shipping
    SOFT = "soft"  # company, group, national, state: hardly tells anything
    PLACE = "place"
    NATION = "nation"  # Iran, Russia: in every second name here
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Token:
    """One comparable word.

    `text` as written (may span several written words where a phrase was read as one concept);
    `first`, `last` the positions of the written words it covers, in `ReadName.words`;
    `plain` base Latin letters without diacritics; `sound` the phonetic form that folds all romanisations into one;
    `skeleton` the consonant skeleton for comparison across scripts, `weak_skeleton` the same with v and y kept;
    `concept` the id of the concept, legal form, place or given name it stands for, else "";
    `native` the folded word in its own script where that is not Latin, else "".
    """

    text: str
    first: int
    last: int
    role: Role
    plain: str
    sound: str
    skeleton: str
    weak_skeleton: str
    concept: str = ""
    native: str = ""


@dataclass(frozen=True, slots=True)
class ReadName:
    """One form of a name, read. `words` are the written words in order, as written; `script` ISO 15924.

    A written name may have several forms (bracket content, `;` and `/` parts); each is a ReadName of its own.
    """

    written: str
    words: tuple[str, ...]
    tokens: tuple[Token, ...]
    script: str
    joined: str
    """All `plain` forms of words that carry meaning, run together: for joined and split words."""
