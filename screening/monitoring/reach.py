"""Reach: which kept subjects a listed entity can touch, by the reverse index. Runs in processes of its own.

The reverse index is the matcher's own, over the subjects instead of the listed entities: an entity's names are searched
in it, far below the threshold of review, since rarity and the sides of a comparison are not those of a screening. What
is found is screened exactly afterwards. The search is not exact: a name may be missed that a screening would find.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from lists.entity import Kind, ListedEntity, from_json
from screening.matching.features.names import unscale
from screening.matching.index import ListIndex
from screening.matching.rank import Wanted, hits
from screening.monitoring.subject import as_listed, number_of
from screening.names.reading import read_name

LEAST = 400
"""Name score (0-1000) from which a subject is screened again: review is 700, and the search runs the other way."""

MOST_WORDS = 5
"""Words of a name that is also searched with initials."""

Numbered = Sequence[tuple[int, Sequence[str]]]
"""Subjects of one segment: number and cells."""


def build(subjects: Numbered, path: Path, lists: Path) -> None:
    """Build the reverse index of one segment and save it at `path`, which appears whole or not at all.

    `lists` is the file of an index over the lists: it tells which words they know.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    knows = _opened(lists).knows
    ListIndex.build(as_listed(number, cells, knows) for number, cells in subjects).save(path)


def touched(index: ListIndex, entity: ListedEntity, least: int = LEAST) -> set[int]:
    """Return the numbers of the subjects that an entity can touch: by a name, or by an identifier."""
    wanted, found = Wanted(unscale(least), 0), set[str]()
    written = [text for name in entity.names for text in (name.value, *_initialled(name.value, entity.kind))]
    for text in written:
        for read in read_name(text, entity.kind):
            best, _ = hits(index, read, None, wanted)
            slots = {slot for (slot, _), hit in best.items() if hit.name.raw >= wanted.threshold}
            found |= {index.listings_at(slot)[0].id for slot in slots}
    for identifier in entity.identifiers:
        found |= {index.listings_at(slot)[0].id for slot in index.slots_with(identifier.type, identifier.value)}
    return {number_of(entity_id) for entity_id in found}


def touched_by(path: Path, lists: Path, entities: Iterable[bytes], least: int = LEAST) -> set[int]:
    """Return the numbers of the subjects of one segment that any of these entities (as stored) can touch.

    `lists` is the file of the index over the lists in force: words are alike as a screening finds them alike, by what
    the lists know, not by what other subjects are called.
    """
    index = ListIndex.open(path)
    index.lexicon = _opened(lists).lexicon
    return {number for stored in entities for number in touched(index, from_json(stored), least)}


def _initialled(name: str, kind: Kind) -> tuple[str, ...]:
    """A person's name with all words but the last, or but the first, as initials: subjects are often written so."""
    words = name.split()
    if kind is not Kind.PERSON or not 2 <= len(words) <= MOST_WORDS:
        return ()
    initials = [f"{word[0]}." for word in words]
    return " ".join((*initials[:-1], words[-1])), " ".join((words[0], *initials[1:]))


@lru_cache(maxsize=1)
def _opened(path: Path) -> ListIndex:
    return ListIndex.open(path)
