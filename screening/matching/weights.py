"""Weights: how much each word of a name tells, and what its absence on the other side costs.

A word's weight depends on what it does in the name (its role) and on how rare it is among the listed names.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lists.entity import Kind
from screening.matching import numbers as n
from screening.matching.common_words import common_brands, is_common_family_name
from screening.names.token import ReadName, Role, Token

Rarity = Callable[[Token], float]
"""0 (in every listed name) to 1 (in none)."""

NAMING = frozenset({Role.WORD, Role.GIVEN})
"""Roles of the words that tell one party from another."""

_GENERAL = frozenset({Role.LEGAL_FORM, Role.CONCEPT, Role.SOFT, Role.NATION, Role.PARTICLE})
# members of an enumeration, by names of this module: looking one up in its class costs more than weighing a word
_CONCEPT, _GIVEN, _SOFT, _WORD = Role.CONCEPT, Role.GIVEN, Role.SOFT, Role.WORD
_PERSON, _VESSEL = Kind.PERSON, Kind.VESSEL
_LEAST_SHARES = {_GIVEN: n.SPARE_GIVEN, _WORD: n.SPARE_NAME}
_NAME_OF_PERSON = frozenset({_GIVEN, Role.PATRONYMIC})
NAMED_AFTER = "soft:named"
"""The concept of the words before the person after whom a company is named."""


@dataclass(frozen=True, slots=True)
class Side:
    """One name, ready to be compared: its words, what each weighs, what each costs when it is left over.

    `rare` marks the words by which a company can be told (few listed entities use them).
    """

    tokens: tuple[Token, ...]
    weights: tuple[float, ...]
    costs: tuple[float, ...]
    rare: tuple[bool, ...]
    person: bool
    vessel: bool = False


def rarity_of(entities_with: int, entities: int) -> float:
    """Return the rarity of a word that `entities_with` of `entities` listed entities use."""
    if entities <= 1:
        return n.RARITY_UNKNOWN
    return min(1.0, math.log(entities / max(1, entities_with)) / math.log(entities))


def plain_rarity(token: Token) -> float:
    """Rarity when no lists are at hand: given names are common, other words rare."""
    return n.RARITY_GIVEN if token.role is _GIVEN else n.RARITY_UNKNOWN


def weigh(tokens: Sequence[Token], kind: Kind | None, rarity: Rarity) -> list[float]:
    """Return the weight of each word. A patronymic or an initial outside a person's name is a word like any other.

    In a company's name without a word of its own, words such as national tell more: Bank Melli is the National Bank.
    """
    person = kind is _PERSON
    nameless = not person and all(token.role in _GENERAL for token in tokens)
    by_role = n.ROLE_WEIGHTS if person else n.COMPANY_WEIGHTS
    weights = []
    named_after = False
    for token in tokens:
        weight = by_role.get(token.role)
        if weight is None:
            weight = n.WORD_FLOOR + (1 - n.WORD_FLOOR) * rarity(token)
        elif nameless and token.role is _SOFT and token.concept not in n.HARDLY_A_NAME:
            weight = n.SOFT_ALONE
        if named_after and not person:
            weight *= n.NAMED_AFTER
        named_after = named_after or token.concept == NAMED_AFTER
        weights.append(weight)
    return weights


def costs_of(tokens: Sequence[Token], weights: Sequence[float], *, listed: bool) -> list[float]:
    """Return what each word costs when nothing on the other side answers to it, a share of its weight."""
    shares = n.LISTED_COST if listed else n.SUBJECT_COST
    costs = []
    named_after = 1.0
    for token, weight in zip(tokens, weights, strict=True):
        costs.append(weight * shares.get(token.role, 1.0) * named_after)
        if token.concept == NAMED_AFTER:
            named_after = n.SPARE_NAMED_AFTER
    return costs


def least_costs(tokens: Sequence[Token], costs: Sequence[float], *, person: bool) -> list[float]:
    """Return the least that each word can come to cost when it is left over, for the bound of a score."""
    share = _least_of_person if person else _least_of_company
    return [cost * share(token) for token, cost in zip(tokens, costs, strict=True)]


def _least_of_person(token: Token) -> float:
    return n.SPARE_BESIDE_RARE * _LEAST_SHARES.get(token.role, 1.0)


def _least_of_company(token: Token) -> float:
    share = spare_word(token, known_by=True, branded=True)
    return share * n.LEAST_FALLING if token.role is _CONCEPT else share


def spare_word(token: Token, *, known_by: bool, branded: bool) -> float:
    """Return the share of its cost that a left-over word of a company's name keeps beside words that are answered.

    `known_by`: beside a word by which the company is known; `branded`: beside a word of its own that others use too.
    What sort of body it is (institute, plant, centre) is left out most readily, then its trade, then an abbreviation.
    """
    if token.concept in n.KINDS_OF_BODY:
        return n.SPARE_KIND if known_by else n.SPARE_KIND_BRAND if branded else 1.0
    if not known_by:
        return 1.0
    if token.role is _CONCEPT and token.concept not in n.TELLING_CONCEPTS:
        return n.SPARE_CONCEPT
    if token.role is _SOFT:
        return n.SPARE_SOFT
    short = token.role is _WORD and not token.concept and len(token.plain) <= n.ABBREVIATION_LETTERS
    return n.SPARE_ABBREVIATION if short else 1.0


def side(read: ReadName, kind: Kind | None, rarity: Rarity = plain_rarity, *, listed: bool) -> Side:
    """Return the name of a subject or of a listed entity of this kind, weighed."""
    weights = weigh(read.tokens, kind, rarity)
    return Side(
        tokens=read.tokens,
        weights=tuple(weights),
        costs=tuple(costs_of(read.tokens, weights, listed=listed)),
        rare=tuple(is_rare(t, rarity(t), person=kind is _PERSON) for t in read.tokens),
        person=kind is _PERSON,
        vessel=kind is _VESSEL,
    )


def is_rare(token: Token, rarity: float, *, person: bool) -> bool:
    """Whether a party can be told by this word almost alone: long enough, used by few, and not common elsewhere."""
    if token.role is not _WORD or rarity < n.RARE:
        return False
    if person:
        return len(token.plain) >= n.RARE_LETTERS_PERSON and not is_common_family_name(token)
    return len(token.plain) >= n.RARE_LETTERS and token.sound not in common_brands()


def is_person_name(read: ReadName) -> bool:
    """Whether the form reads as a person's name: it has a given name or patronymic and nothing of a company."""
    roles = {token.role for token in read.tokens}
    return not roles.isdisjoint(_NAME_OF_PERSON) and roles.isdisjoint(n.COMPANY_ROLES)
