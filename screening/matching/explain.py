"""Explanation: why a candidate scored as it did, as data and as one sentence a trader understands."""

from collections.abc import Sequence

from screening.matching import numbers as n
from screening.matching.features.identifiers import named
from screening.matching.features.names import NameScore
from screening.matching.result import AlignedPair, Explanation, Leftover, Qualifier, Relation, Stance
from screening.matching.scoring import Verdict
from screening.names.token import ReadName

_MOST_NAMED = 2
"""How many pairs and left-over words a sentence names; all of them are in the explanation."""


def explain(subject: ReadName, listed: ReadName, name: NameScore) -> Explanation:
    """Return the alignment in terms of the written words, with weights and costs in thousandths of the whole."""
    total = name.total or 1.0
    pairs = []
    for pair in sorted(name.pairs, key=lambda p: p.subject):
        ours, theirs = _span(subject, pair.subject), _span(listed, pair.listed)
        pairs.append(
            AlignedPair(
                subject_words=ours,
                listed_words=theirs,
                subject_text=" ".join(subject.words[i] for i in ours),
                listed_text=" ".join(listed.words[i] for i in theirs),
                relation=pair.relation,
                similarity=round(100 * pair.value),
                weight=round(1000 * pair.weight / total),
                note=pair.note,
            )
        )
    return Explanation(
        subject_words=subject.words,
        listed_words=listed.words,
        pairs=tuple(pairs),
        subject_left=tuple(_left(subject, word, cost / total) for word, cost in name.subject_left),
        listed_left=tuple(_left(listed, word, cost / total) for word, cost in name.listed_left),
        notes=name.notes,
    )


def _span(read: ReadName, words: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({i for word in words for i in range(read.tokens[word].first, read.tokens[word].last + 1)}))


def _left(read: ReadName, word: int, share: float) -> Leftover:
    token = read.tokens[word]
    return Leftover(token.first, " ".join(read.words[token.first : token.last + 1]), round(1000 * share))


def sentence(explanation: Explanation, name_score: int, verdict: Verdict, listed: ReadName) -> str:
    """Return one sentence: how alike the names are and where they differ, then what else speaks for or against."""
    parts = [_decided(verdict) or _alike(explanation, name_score, listed)]
    for qualifier in verdict.qualifiers:
        if qualifier.feature != "identifier" or verdict.decided_by == "name":
            parts.append(_fact(qualifier))
    text = "; ".join(parts)
    if verdict.low_priority:
        text += "; only a weak alias of the listed party is like it"
    if verdict.decided_by == "name" and not verdict.qualifiers:
        text += "; nothing but the name was compared"
    return f"{text}."


def _decided(verdict: Verdict) -> str:
    if verdict.decided_by == "name":
        return ""
    shared = next(q for q in verdict.qualifiers if q.feature == "identifier")
    return f"It has {shared.text}, which decides: each {named(verdict.decided_by)} belongs to one party only"


def _alike(explanation: Explanation, name_score: int, listed: ReadName) -> str:
    ours, theirs = " ".join(explanation.subject_words), listed.written
    if name_score >= n.SAID_SAME:
        said = f"“{ours}” is the same name as “{theirs}”"
    elif name_score >= n.SAID_NEARLY:
        said = f"“{ours}” is nearly the same name as “{theirs}”"
    elif name_score >= n.SCALED_REVIEW:
        said = f"“{ours}” resembles “{theirs}”"
    else:
        said = f"“{ours}” is only partly like “{theirs}”"
    details = [*_spelled(explanation), *_missing(explanation)]
    return said + (": " + ", ".join(details) if details else "")


def _spelled(explanation: Explanation) -> list[str]:
    words = {
        Relation.ALIKE: "is close to",
        Relation.MEANING: "means the same as",
        Relation.LEARNT: "is another spelling of",
        Relation.INITIAL: "may stand for",
        Relation.SOUND: "is another spelling of",
        Relation.JOINED: "is written apart or together as",
    }
    telling = [p for p in explanation.pairs if p.relation in words and p.subject_text.lower() != p.listed_text.lower()]
    telling.sort(key=lambda pair: -pair.weight)
    return [f"“{p.subject_text}” {words[p.relation]} “{p.listed_text}”" for p in telling[:_MOST_NAMED]]


def _missing(explanation: Explanation) -> list[str]:
    found = []
    for left, where in ((explanation.subject_left, "the listed name"), (explanation.listed_left, "the name asked for")):
        heavy = sorted((word for word in left if word.weight > 0), key=lambda word: -word.weight)[:_MOST_NAMED]
        if heavy:
            found.append(f"{_listed(heavy)} {'is' if len(heavy) == 1 else 'are'} not in {where}")
    return found


def _listed(words: Sequence[Leftover]) -> str:
    return " and ".join(f"“{word.text}”" for word in words)


def _fact(qualifier: Qualifier) -> str:
    said = {Stance.CORROBORATES: "agrees", Stance.CONTRADICTS: "speaks against it", Stance.SILENT: "says nothing"}
    return f"{qualifier.text} ({said[qualifier.stance]})"
