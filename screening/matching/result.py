"""What the matcher answers: scored candidates, explained as data. Scores are integers, in tenths of a point."""

from dataclasses import dataclass
from enum import StrEnum

from lists.entity import Kind, NameType, Quality


class Outcome(StrEnum):
    """What a screening comes to. `incomplete` is the service's word; the matcher itself never says it."""

    CLEAR = "clear"
    REVIEW = "review"
    MATCH = "match"
    INCOMPLETE = "incomplete"


class Identity(StrEnum):
    """Whether anything but the name speaks for or against its being the same party."""

    CORROBORATED = "corroborated"
    NAME_ONLY = "name_only"
    CONTRADICTED = "contradicted"


class Relation(StrEnum):
    """How an aligned pair of words is alike."""

    SAME = "same"  # the same letters
    SOUND = "sound"  # the same word in another spelling or script
    ALIKE = "alike"  # close: a typing error, a variant
    MEANING = "meaning"  # a translation or another form of one concept
    LEARNT = "learnt"  # an equivalence mined from the lists
    INITIAL = "initial"
    JOINED = "joined"  # two words of one side are one word of the other


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """Words of the subject's name and of the listed name that belong together.

    `subject_words` and `listed_words` are positions in the written names' words; `similarity` 0-100,
    `weight` the share (0-1000, thousandths) this pair has of the whole name.
    """

    subject_words: tuple[int, ...]
    listed_words: tuple[int, ...]
    subject_text: str
    listed_text: str
    relation: Relation
    similarity: int
    weight: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A word without a counterpart, and the share (thousandths) that its absence costs."""

    word: int
    text: str
    weight: int


class Stance(StrEnum):
    """What a qualifier says."""

    CORROBORATES = "corroborates"
    CONTRADICTS = "contradicts"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One fact beside the name. `effect` is what it did to the score, in tenths, with its sign.

    `feature` is its name in the feature table: birth_date, country, gender, identifier, address, vessel_flag …
    """

    feature: str
    stance: Stance
    effect: int
    subject_value: str
    listed_value: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a candidate scored as it did. `subject_words` and `listed_words` are the written words, in order."""

    subject_words: tuple[str, ...]
    listed_words: tuple[str, ...]
    pairs: tuple[AlignedPair, ...]
    subject_left: tuple[Leftover, ...]
    listed_left: tuple[Leftover, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A listed entity beside the subject. All scores 0-1000, tenths of a point.

    `name_score`: how alike the names are, the same name being 1000. `score` ranks and decides: a name alone stops
    at 950, corroboration lifts it to 1000, contradiction lowers it, a shared unique identifier decides by itself.
    `outcome` is this candidate's own: review or match; clear means below the review threshold.
    `low_priority`: only a weak alias speaks for it (OFAC FAQ 122-125).
    """

    entity_id: str
    sources: tuple[str, ...]
    kind: Kind
    primary_name: str
    listed_name: str
    listed_name_type: NameType
    listed_name_quality: Quality
    listed_name_script: str | None
    subject_name: str
    score: int
    name_score: int
    identity: Identity
    outcome: Outcome
    decided_by: str  # "name" or the identifier type that decided
    low_priority: bool
    qualifiers: tuple[Qualifier, ...]
    explanation: Explanation
    sentence: str


@dataclass(frozen=True, slots=True)
class MatchResult:
    """What one subject met: matches by score, the best near-misses, and how many candidates were looked at.

    `truncated`: more candidates passed the threshold than are listed.
    """

    outcome: Outcome
    matches: tuple[ScoredCandidate, ...]
    near_misses: tuple[ScoredCandidate, ...]
    considered: int
    truncated: bool = False
