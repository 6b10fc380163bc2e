"""Segment: kept subjects read once, in arrays, so that changed entities find those that they may touch. Pure.

Subjects never change, so that a segment is built once and stays. It holds each subject's cells, every form of its names
(also the repaired ones) with what the words weigh there, and the keys by which a screening would look for listed words
and names. What depends on the lists (how rare a word is, what they know) is filled in when a change is held against it.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np

from core.errors import InvalidInput
from lists.entity import Kind
from screening.batch.reading import Row
from screening.matching import identity, keys
from screening.matching import numbers as n
from screening.matching.build import ROLES, TERM_TEXTS, by_key, group_of, is_bounded
from screening.matching.likeness import is_initial, join
from screening.matching.matcher import forms_of, names_of
from screening.matching.rank import kind_of, kinds_searched
from screening.matching.repair import Knows
from screening.matching.scoring import most_raised
from screening.matching.storage import Array, group, load, pack, save
from screening.matching.subject import Subject
from screening.matching.version import matcher_hash
from screening.matching.weights import Side, is_rare, least_costs, side
from screening.monitoring.sounds import Sounds
from screening.monitoring.subject import COLUMNS, stored
from screening.names.acronyms import initials_of
from screening.names.token import ReadName, Token

Cells = Sequence[str]

Keys: TypeAlias = "array[int]"
"""Keys, four bytes each: as sets they would be most of what is held while subjects are read."""

LAYOUT = 3
"""Raised whenever a segment's arrays become others."""


class Word(NamedTuple):
    """A word of a form. Its weight is a line over how rare it is: `base` where it is in every listed name, `slope` more
    where it is in none; costs are shares of the weight. A word that leads nowhere is not `counted`: it is in `untold`.
    """

    form: int
    term: int
    base: float
    slope: float
    cost: float
    least: float
    tells: bool
    counted: bool


_WORD = np.dtype(
    {"names": Word._fields, "formats": ["i4", "i4", "f4", "f4", "f4", "f4", "?", "?"]},
)
_PART = 1 << 16
"""Words that are held as objects before they are put in an array: as objects they take ten times as much."""


class Form(NamedTuple):
    """A form of a subject's name: which subject, which kinds it is searched in (bits in the order of `KINDS`), whether
    it has an initial, what the words weigh that lead nowhere, and by which factor its score is lowered.
    """

    subject: int
    kinds: int
    initial: bool
    untold: float
    factor: float


@dataclass(slots=True)
class _Reading:
    """What is gathered while subjects are read."""

    forms: list[Form] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    parts: list[Array] = field(default_factory=list)
    terms: dict[tuple[object, ...], int] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    persons: list[bool] = field(default_factory=list)
    name_keys: list[Keys] = field(default_factory=list)
    joint_keys: list[Keys] = field(default_factory=list)
    joint_words: list[int] = field(default_factory=list)
    placed: int = 0
    identifiers: list[Keys] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)

    def put_away(self, most: int = 0) -> None:
        """Put the words read so far in an array, if there are more than so many."""
        if len(self.words) > most or not self.parts:
            self.parts.append(np.array(self.words, dtype=_WORD))
            self.words = []

    def term(self, token: Token, person: bool) -> int:
        t = token
        same = (person, t.role, t.plain, t.sound, t.skeleton, t.weak_skeleton, t.concept, t.native)
        number = self.terms.get(same)
        if number is None:
            number = self.terms[same] = len(self.tokens)
            self.tokens.append(token)
            self.persons.append(person)
        return number


def subject_of(cells: Cells) -> Subject:
    """Return stored cells as the subject that is screened; one without a name for cells that can be read no more."""
    try:
        _, read = COLUMNS.request(Row(0, tuple(cells)))
    except InvalidInput:
        return Subject("")
    return identity.with_identifiers_of_name(read.subject)


def build(subjects: Sequence[Cells], path: Path, knows: Knows) -> None:
    """Read subjects and save them as a segment at `path`, which appears whole or not at all.

    `knows` says whether the lists have a word of a sound: what it was asked of whom is kept (`Sounds`).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, arrays_of(subjects, knows), {"matcher": matcher_hash(), "layout": LAYOUT})


def usable(path: Path) -> bool:
    """Say whether there is a segment of this matcher at `path`, and whole."""
    try:
        opened(path)
    except (OSError, ValueError):
        return False
    return True


def opened(path: Path) -> dict[str, Array]:
    """Map a segment. Raises ValueError if it is none of this matcher's, OSError if it is not there."""
    arrays, meta = load(path)
    if (meta.get("matcher"), meta.get("layout")) != (matcher_hash(), LAYOUT):
        msg = f"{path} was built by another version: build it again"
        raise ValueError(msg)
    return arrays


def arrays_of(subjects: Sequence[Cells], knows: Knows) -> dict[str, Array]:
    """Return the arrays of a segment over these subjects."""
    reading, sounds = _Reading(), Sounds(knows)
    for number, cells in enumerate(subjects):
        subject = subject_of(cells)
        sounds.subject = number
        reading.identifiers.append(array("I", {identity.key(i.type, i.value) for i in subject.identifiers}))
        reading.raised.append(most_raised(subject))
        for name in names_of(subject):
            for form in forms_of(name, subject.kind, sounds.knows):
                _read(reading, number, subject.kind, form.read, n.REPAIRED if form.as_read else 1.0)
        reading.put_away(_PART)
    reading.put_away()
    blob, offsets = pack([stored(cells).encode() for cells in subjects])
    return {
        "cells": blob,
        "cell_offsets": offsets,
        "raised": np.array(reading.raised, dtype=np.int16),
        **_form_arrays(reading.forms),
        **_word_arrays(reading.parts, len(reading.tokens), len(reading.forms)),
        **_term_arrays(reading.tokens, reading.persons),
        **by_key("name_key", "name_key_form", reading.name_keys),
        "joint_word": np.array(reading.joint_words, dtype=np.int32),
        **by_key("joint_key", "joint_key_joint", reading.joint_keys),
        **by_key("identifier_key", "identifier_key_subject", reading.identifiers),
        **sounds.arrays(),
    }


def _read(reading: _Reading, subject: int, kind: Kind | None, read: ReadName, factor: float) -> None:
    """Note one form of a subject's name."""
    weighed = kind_of(kind, read)
    common = side(read, weighed, _in_all, listed=False)
    rare = side(read, weighed, _in_none, listed=False)
    telling = [token.role not in n.NOT_FOLLOWED for token in read.tokens]
    counted = [is_bounded(token.role) or not any(telling) for token in read.tokens]
    number = len(reading.forms)
    reading.words += [_word(reading, number, (common, rare), i, counts) for i, counts in enumerate(counted)]
    reading.forms.append(
        Form(
            subject=subject,
            kinds=sum(1 << at for at, searched in enumerate(kinds_searched(kind, read)) if searched),
            initial=any(is_initial(token) for token in read.tokens),
            untold=sum(common.weights[i] for i, counts in enumerate(counted) if not counts),
            factor=factor,
        )
    )
    whole = keys.whole_keys(read.joined) | keys.acronym_keys(read.joined, initials_of(read))
    reading.name_keys.append(array("I", whole))
    for i in keys.joints(read.tokens):
        both = join(read.tokens[i], read.tokens[i + 1])
        reading.joint_keys.append(array("I", keys.joined_word_keys(both)))
        reading.joint_words.append(reading.placed + i)
    reading.placed += len(read.tokens)


def _in_all(_token: Token) -> float:
    return 0.0


def _in_none(_token: Token) -> float:
    return 1.0


def _word(reading: _Reading, form: int, sides: tuple[Side, Side], i: int, counted: bool) -> Word:
    common, rare = sides
    token, weight = rare.tokens[i], rare.weights[i]
    term = reading.term(token, rare.person)
    if not counted:
        return Word(form, term, 0.0, 0.0, 0.0, 0.0, tells=False, counted=False)
    share = rare.costs[i] / weight if weight else 0.0
    return Word(
        form=form,
        term=term,
        base=common.weights[i],
        slope=weight - common.weights[i],
        cost=share,
        least=least_costs([token], [share], person=rare.person)[0],
        tells=is_rare(token, 1.0, person=rare.person),
        counted=True,
    )


def _form_arrays(forms: Sequence[Form]) -> dict[str, Array]:
    columns = zip(*forms, strict=True) if forms else [()] * len(Form._fields)
    types = (np.int32, np.uint8, np.bool_, np.float32, np.float32)
    return {
        f"form_{name}": np.array(column, dtype=type_)
        for name, column, type_ in zip(Form._fields, columns, types, strict=True)
    }


def _word_arrays(parts: Sequence[Array], terms: int, forms: int) -> dict[str, Array]:
    words = np.concatenate(parts)
    arrays: dict[str, Array] = {f"word_{name}": words[name].copy() for name in Word._fields}
    counted = np.flatnonzero(arrays["word_counted"])
    offsets, order = group(arrays["word_term"][counted].astype(np.int64), terms)
    starts = np.searchsorted(arrays["word_form"], np.arange(forms + 1)).astype(np.int32)
    return {**arrays, "form_start": starts, "term_offsets": offsets, "term_word": counted[order].astype(np.int32)}


def _term_arrays(tokens: Sequence[Token], persons: Sequence[bool]) -> dict[str, Array]:
    texts = {text: [getattr(token, text) for token in tokens] for text in TERM_TEXTS}
    texts["group"] = [group_of(token) for token in tokens]
    return {
        **{f"term_{name}": np.frombuffer("\n".join(column).encode(), np.uint8) for name, column in texts.items()},
        "term_role": np.array([ROLES.index(token.role) for token in tokens], dtype=np.uint8),
        "term_person": np.array(persons, dtype=np.bool_),
        **by_key("term_key", "term_key_term", (keys.subject_keys(token) for token in tokens)),
        **by_key("split_key", "split_key_term", (keys.split_word_keys(token) for token in tokens)),
    }
