"""Akin concepts: trade words that translators use for one another, nearly a match and not a difference.

What Russian calls a combine is a plant in another list, a scientific production enterprise an association.
`data/akin.csv` holds the families, each with an example of why.
"""

from functools import cache, lru_cache

from screening.names.tables import records


@cache
def families() -> tuple[frozenset[str], ...]:
    """Return the families of concepts, by their ids with prefix (`trade:plant`)."""
    return tuple(frozenset(record["concepts"].split(";")) for record in records("akin.csv"))


@lru_cache(maxsize=1 << 10)
def akin_to(concept: str) -> frozenset[str]:
    """Return the concepts that may stand in this one's place in a translation, without itself."""
    return frozenset().union(*(family for family in families() if concept in family)) - {concept}
