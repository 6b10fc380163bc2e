"""Answer: what a screening says, as one document. It is recorded word for word, shown by every door, and replayed
byte for byte; so it holds nothing that changes between two runs on the same lists and configuration. What does
change (id, time, actor, audit entry) is the *receipt* around it.
"""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, PrivateAttr

from lists.entity import Kind
from screening.cases.case import Decision, State
from screening.matching.result import Explanation, Identity, Outcome, Qualifier


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CoveredList(_Frozen):
    """One list that was searched: which file, of what date, and whether it was checked within its maximum age."""

    key: str
    title: str
    publisher: str
    snapshot_id: str
    published_on: date | None
    fetched_at: datetime
    file_sha256: str
    entities: int
    state: str  # fresh | stale
    sample: bool = False


class Gap(_Frozen):
    """Something known that was not searched, and why. `blocks_clear`: with it missing, no answer is clear."""

    key: str
    title: str
    reason: str
    blocks_clear: bool = False


class Listing(_Frozen):
    """One programme of a matched entity, in plain words."""

    list: str
    code: str
    measure: str
    title: str
    meaning: str
    legal_basis: str


class Found(_Frozen):
    """One match or near-miss. Scores are tenths of a point, 0-1000."""

    entity_id: str
    lists: tuple[str, ...]
    kind: Kind
    primary_name: str
    listed_name: str
    listed_name_type: str
    listed_name_quality: str
    listed_name_script: str | None
    other_names: tuple[str, ...]
    score: int
    name_score: int
    identity: Identity
    outcome: Outcome
    decided_by: str
    low_priority: bool
    qualifiers: tuple[Qualifier, ...]
    explanation: Explanation
    listings: tuple[Listing, ...]
    secondary_sanctions: tuple[str, ...]
    listed_on: date | None
    url: str
    sentence: str


class Matcher(_Frozen):
    """Which matcher answered, under which numbers. `config_hash` covers thresholds, numbers file and tables."""

    version: str
    config_hash: str
    review_threshold: int
    match_threshold: int
    thresholds_from: str
    index: str


class Answer(_Frozen):
    """The whole answer. `say` is one sentence for the person who asked; `missing` says what would complete it."""

    outcome: Outcome
    say: str
    subject: dict[str, Any]
    normalised: dict[str, Any]
    as_of: datetime | None
    matches: tuple[Found, ...]
    near_misses: tuple[Found, ...]
    considered: int
    truncated: bool
    covered: tuple[CoveredList, ...]
    not_covered: tuple[Gap, ...]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    matcher: Matcher


class CaseMark(_Frozen):
    """A case that a record opened or joined, and where it stands now; `result` is what it came to, once it is closed.

    `path` is the party's place in a deal.
    """

    id: str
    state: State
    result: Decision | None = None
    path: str = ""


class ClearedMatch(_Frozen):
    """A match that a clearance covered when it was recorded: granted in which audit entry, until when."""

    entity_id: str
    clearance_id: str
    decided_in: int
    until: datetime
    path: str = ""


class Receipt(_Frozen):
    """What was recorded around an answer: the screening's id, when, by whom, in which audit entry.

    `cases` are those that it opened or joined. `cleared` are the matches that people have looked at and cleared before;
    with any of them, `outcome_after_clearances` is what a screening comes to without them (null for a deal). The answer
    itself never changes.
    """

    id: str
    recorded_at: datetime
    actor: str
    reference: str | None
    audit_sequence: int
    audit_hash: str
    cases: tuple[CaseMark, ...] = ()
    cleared: tuple[ClearedMatch, ...] = ()
    outcome_after_clearances: Outcome | None = None


class Screening(_Frozen):
    """A recorded screening: the receipt and the answer."""

    receipt: Receipt
    answer: Answer
    _answered: str | None = PrivateAttr(None)

    @classmethod
    def of(cls, receipt: Receipt, answer: Answer, answered: str) -> "Screening":
        """Return a screening that keeps `answered`, the answer's JSON as it was recorded."""
        screening = cls(receipt=receipt, answer=answer)
        screening._answered = answered
        return screening

    @property
    def document(self) -> str:
        """The whole as JSON, the answer word for word as recorded: for doors that pass it on as it is."""
        answered = self._answered if self._answered is not None else self.answer.model_dump_json()
        return f'{{"receipt":{self.receipt.model_dump_json()},"answer":{answered}}}'
