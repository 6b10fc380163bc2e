"""The name as a whole: letters run together (joined and split words), and acronyms beside the names they abbreviate.

Rules and numbers: MATCHING.md steps 12 and 13.
"""

from rapidfuzz.distance import OSA

from screening.matching import numbers as n
from screening.matching.align import Pair
from screening.matching.features.names import NameScore
from screening.matching.result import Relation
from screening.names.acronyms import initials_of
from screening.names.token import ReadName


def whole_name(subject: ReadName, listed: ReadName, *, person: bool) -> NameScore | None:
    """Return the score of two names that are the same letters run together, or acronym and name; None if neither."""
    if not subject.joined or not listed.joined or not subject.tokens or not listed.tokens:
        return None
    raw = run_together(subject, listed, person=person)
    if raw > 0:
        return _one_pair(subject, listed, raw, Relation.JOINED, "the same letters, run together")
    if _abbreviates(subject, listed) or _abbreviates(listed, subject):
        return _one_pair(subject, listed, n.ACRONYM, Relation.INITIAL, "acronym of the full name")
    return None


def run_together(a: ReadName, b: ReadName, *, person: bool) -> float:
    """Return the raw score of two names of which one joins what the other splits; 0 if they are not nearly the same.

    Personal names divided alike are left to the comparison word by word, which knows which words may differ by a
    letter: Karlin and Karelin, Karimi and Karami are different. So are 61 and 71.
    """
    if a.joined == b.joined:
        return n.WHOLE
    shorter = min(len(a.joined), len(b.joined))
    if (person and len(a.tokens) == len(b.tokens)) or shorter < n.WHOLE_LETTERS or _digits(a) != _digits(b):
        return 0.0
    edits = OSA.distance(a.joined, b.joined, score_cutoff=1)
    return n.WHOLE - n.WHOLE_EDIT / shorter if edits <= 1 else 0.0


def _digits(read: ReadName) -> str:
    return "".join(character for character in read.joined if character.isdigit())


def _abbreviates(short: ReadName, full: ReadName) -> bool:
    naming = [token for token in short.tokens if token.role not in n.NOT_FOLLOWED]
    return len(naming) <= 1 < len(full.tokens) and short.joined in initials_of(full)


def _one_pair(subject: ReadName, listed: ReadName, raw: float, relation: Relation, note: str) -> NameScore:
    pair = Pair(tuple(range(len(subject.tokens))), tuple(range(len(listed.tokens))), raw, 1.0, relation, note)
    return NameScore(raw, (pair,), (), (), 1.0)
