"""Classes: the table of manipulations that a validation measures, in the order in which its report shows them. Pure."""

from lists.entity import Kind
from screening.validation import manipulate as m
from screening.validation.manipulate import Manipulation

_PERSONS = frozenset({Kind.PERSON})
_COMPANIES = frozenset({Kind.ORGANIZATION})
_NAMED = frozenset({Kind.PERSON, Kind.VESSEL})

CLASSES: tuple[Manipulation, ...] = (
    Manipulation("typo_insert", "one letter too many", m.typo_insert),
    Manipulation("typo_delete", "one letter missing", m.typo_delete),
    Manipulation("typo_substitute", "one letter wrong", m.typo_substitute),
    Manipulation("typo_transpose", "two letters swapped", m.typo_transpose),
    Manipulation("order", "the last word first", m.order, _PERSONS),
    Manipulation("order_comma", "the last word first, with a comma", m.order_comma, _PERSONS),
    Manipulation("dropped_part", "a middle word left out", m.dropped_part, _PERSONS),
    Manipulation("initials", "middle words cut to initials", m.initials, _PERSONS),
    Manipulation("romanisation", "Cyrillic in Latin letters, six systems", m.romanised),
    Manipulation("respelling", "a sound spelled in another usual way", m.respelled, _PERSONS),
    Manipulation("script_cyrillic", "Latin written in Cyrillic, by rule", m.in_cyrillic, _NAMED, "russia"),
    Manipulation("script_persian", "Latin written in Persian, by rule", m.in_persian, _PERSONS, "iran"),
    Manipulation("form_change", "the legal form written otherwise", m.form_changed, _COMPANIES),
    Manipulation("form_drop", "the legal form left out", m.form_dropped, _COMPANIES),
    Manipulation("joined", "two words written as one", m.joined),
    Manipulation("split", "one word written as two", m.split),
    Manipulation("hyphen", "two words joined by a hyphen", m.hyphenated),
    Manipulation("homoglyph", "letters of another script that look the same", m.homoglyph),
    Manipulation("invisible", "a character nobody sees", m.invisible),
    Manipulation("diacritics", "marks that the list does not write", m.diacritics),
    Manipulation("ocr", "a letter misread by a scanner", m.ocr),
)
"""What is done to names, one at a time."""
