"""Example: what set a number. Registered where the number is defined; the tests hold every one of them."""

from dataclasses import dataclass
from typing import TypeVar

from lists.entity import Kind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NameExample:
    """Two names of a kind, and the bounds that their name score must keep (0-1000; review 700, match 900)."""

    subject: str
    listed: str
    kind: Kind
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class FactExample:
    """A fact beside the name: the feature that compares it, what was asked and what is listed, and the effect."""

    feature: str
    subject: str
    listed: str
    effect: int


NAME_EXAMPLES: list[NameExample] = []
FACT_EXAMPLES: list[FactExample] = []


def person(value: T, subject: str, listed: str, low: int, high: int) -> T:
    """Return `value`, which two personal names set."""
    NAME_EXAMPLES.append(NameExample(subject, listed, Kind.PERSON, low, high))
    return value


def company(value: T, subject: str, listed: str, low: int, high: int) -> T:
    """Return `value`, which two company names set."""
    NAME_EXAMPLES.append(NameExample(subject, listed, Kind.ORGANIZATION, low, high))
    return value


def vessel(value: T, subject: str, listed: str, low: int, high: int) -> T:
    """Return `value`, which two ships' names set."""
    NAME_EXAMPLES.append(NameExample(subject, listed, Kind.VESSEL, low, high))
    return value


def fact(value: int, feature: str, subject: str, listed: str, *, against: bool = False) -> int:
    """Return `value`, the effect of a fact beside the name; `against`: it is taken off the score."""
    FACT_EXAMPLES.append(FactExample(feature, subject, listed, -value if against else value))
    return value


def limit(value: T, _reason: str) -> T:
    """Return `value`, a bound on work or a form of words that no pair of names can show; the reason says why."""
    return value
