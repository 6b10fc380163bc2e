"""Contacts: which listed entity has an address, telephone number, e-mail domain or web domain. Pure.

OFAC's Apple case (2019): the designated firm's address stood in the books under another party's name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from lists.entity import ListedEntity
from screening.deals.deal import Party
from screening.deals.screened import SharedContact
from screening.deals.tables import folded

FEWEST_DIGITS = 8
"""Of a telephone number, counted from the end: the national part, whatever stands before it."""

FEWEST_WORDS = 3
"""Words of a street address, one of them a number, that two parties do not share by chance."""

_DOMAIN = re.compile(r"(?:@|://|^)(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)


@dataclass
class ContactIndex:
    """The contacts of all listed entities. Make one with `build`; it is not changed afterwards."""

    _by_value: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _by_word: dict[str, list[tuple[frozenset[str], str, str]]] = field(default_factory=dict)

    @classmethod
    def build(cls, entities: Iterable[ListedEntity]) -> "ContactIndex":
        """Return the index of these entities' contacts."""
        index = cls()
        for entity in entities:
            for kind, value in entity.contacts:
                for key in _keys(kind, value):
                    index._by_value.setdefault(key, (entity.id, entity.primary_name))
            for address in entity.addresses:
                words = _street(address.street or address.text)
                if words:
                    whole = words | frozenset(folded(address.city).split())
                    index._by_word.setdefault(max(words, key=len), []).append((whole, entity.id, entity.primary_name))
        return index

    def shared(self, party: Party) -> tuple[SharedContact, ...]:
        """Return the contacts that a party shares with listed entities, one for each kind and entity."""
        given = [
            *(("phone", value) for value in party.phones),
            *(("email", value) for value in party.emails),
            *(("website", value) for value in party.websites),
        ]
        found: dict[tuple[str, str], SharedContact] = {}
        for kind, value in given:
            for key in _keys(kind, value):
                entity = self._by_value.get(key)
                if entity:
                    shared = SharedContact(entity[0], entity[1], TITLES[key[0]], value)
                    found.setdefault((shared.kind, entity[0]), shared)
        for text in party.addresses:
            for entity_id, name in self._at(text):
                found.setdefault(("address", entity_id), SharedContact(entity_id, name, "street address", text))
        return tuple(found.values())

    def _at(self, text: str) -> Iterator[tuple[str, str]]:
        words = frozenset(folded(text).split())
        for word in words:
            for whole, entity_id, name in self._by_word.get(word, ()):
                if whole <= words:
                    yield entity_id, name


TITLES = {"phone": "telephone number", "domain": "e-mail or web domain"}


def _keys(kind: str, value: str) -> Iterator[tuple[str, str]]:
    if kind in ("phone", "fax"):
        digits = "".join(filter(str.isdigit, value))
        if len(digits) >= FEWEST_DIGITS:
            yield "phone", digits[-FEWEST_DIGITS:]
    elif kind in ("email", "website"):
        for domain in _DOMAIN.findall(value.strip().lower()):
            if domain not in free_mail():
                yield "domain", domain


def _street(text: str) -> frozenset[str]:
    words = frozenset(folded(text).split())
    numbered = any(any(map(str.isdigit, word)) for word in words)
    return words if numbered and len(words) >= FEWEST_WORDS else frozenset()


@cache
def free_mail() -> frozenset[str]:
    """Return the domains that anybody may have an address under (`data/free_mail.csv`)."""
    text = resources.files("screening.deals.data").joinpath("free_mail.csv").read_text(encoding="utf-8")
    return frozenset(text.split()[1:])
