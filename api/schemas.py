"""Schemas: what the API says beside a screening itself. Tables are not schemas; these are for readers."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from lists.diff import ChangeKind
from lists.entity import Kind, ListedEntity
from lists.status import ListState
from screening.audit.entry import Action
from screening.matching.result import Outcome
from screening.recorded import Summary

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class _In(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PageQuery(_In):
    """Which page: `cursor` is `next` of the page before, none for the first."""

    cursor: str | None = Field(None, min_length=1, max_length=60, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=200, description="Rows on the page.")


class ReplayInput(_In):
    """What a replay is to say."""

    today: bool = Field(False, description="Also say how today's lists and configuration answer.")


class NumberedQuery(PageQuery):
    """A page of numbered rows."""

    cursor: str | None = Field(None, pattern=r"^[0-9]{1,18}$", description="`next` of the page before.")

    @property
    def before(self) -> int | None:
        """The number that the page begins before."""
        return None if self.cursor is None else int(self.cursor)


class _Page(_Out):
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


class ScreeningPage(_Page):
    """Screenings, newest first."""

    items: list[Summary]


class EntityView(_Out):
    """One listed entity, as each list in force has it: one id may stand on two lists of one authority."""

    id: str
    listings: list[ListedEntity]


class EntityLine(_Out):
    """One listed entity that a search met."""

    id: str
    lists: tuple[str, ...]
    kind: Kind
    primary_name: str
    met_name: str = Field(description="The name that the words asked for met.")
    score: int = Field(description="How alike, in tenths of a point.")


class EntityQuery(NumberedQuery):
    """What to search for."""

    q: str = Field(min_length=1, max_length=200, description="A name in any script, a number, or an entity's id.")


class EntityPage(_Page):
    """Listed entities, the likest first."""

    items: list[EntityLine]


class IdentifierTypeView(_Out):
    """A type of number or code that a subject may carry."""

    type: str
    title: str
    written_as: tuple[str, ...] = Field(
        description="What it may be called before the colon, as in `imo number: 9187629`."
    )
    country: str | None = Field(description="The one country that gives it, where there is just one.")
    example: str


class IdentifierTypes(_Out):
    """All types, in the order of their names."""

    items: list[IdentifierTypeView]


class SnapshotView(_Out):
    """The edition of a list that is in force."""

    id: str
    number: int
    published_on: date | None
    fetched_at: datetime
    activated_at: datetime
    file_sha256: str
    file_name: str
    format: str
    entities: int
    names: int
    sample: bool = Field(description="From the excerpt bundled with Caspian, not from the publisher.")


class ListView(_Out):
    """One list now: what is in force, when it was last checked and how that ended, when it is checked next."""

    key: str
    title: str
    publisher: str
    url: str = Field(description="Where it is read from.")
    page: str = Field(description="Where the publisher explains it.")
    state: ListState = Field(description="Only a fresh list can make an answer clear.")
    snapshot: SnapshotView | None
    last_checked_at: datetime | None
    last_success_at: datetime | None
    last_outcome: str | None
    last_reason: str
    every: timedelta = Field(description="Time between two checks (ISO 8601).")
    max_age: timedelta = Field(description="Without a successful check for this long it is stale (ISO 8601).")
    next_check_at: datetime | None


class Lists(_Out):
    """Every list this server knows, held or not."""

    items: list[ListView]


class Refreshed(_Out):
    """What a refresh came to. `activated`: another edition is in force; `unchanged`: the one in force is current."""

    outcome: str
    added: int
    changed: int
    removed: int
    list: ListView


class ChangeView(_Out):
    """One entity that came, changed or went. `fields` says what it was before and became after."""

    entity_id: str
    change: ChangeKind
    kind: str
    name: str
    snapshot_id: str
    activated_at: datetime
    fields: list[dict[str, Any]]


class ChangePage(_Page):
    """Changes of one list, newest first."""

    items: list[ChangeView]


class ChangeQuery(NumberedQuery):
    """Which changes to show."""

    change: ChangeKind | None = Field(None, description="Only those of one kind.")
    since: AwareDatetime | None = Field(None, description="Only those in force since then (RFC 3339).")


class AuditFilters(_In):
    """Which entries of the log. Filters that are left out do not filter."""

    since: AwareDatetime | None = Field(None, description="From this moment on (RFC 3339).")
    until: AwareDatetime | None = Field(None, description="Before this moment (RFC 3339).")
    actor: str | None = Field(None, max_length=120, description="Stable id of who did it: key:ck_3f9a2b1c04.")
    action: Action | None = None
    subject: str | None = Field(None, min_length=1, max_length=200, description="A part of the subject's name.")
    entity: str | None = Field(None, max_length=200, description="A listed entity met as match or near-miss.")
    outcome: Outcome | None = None
    record: str | None = Field(None, max_length=120, description="Id of the screening, key or list it is about.")


class AuditQuery(AuditFilters, NumberedQuery):
    """Which entries of the log to show, and which page of them."""


class AuditLineView(_Out):
    """One entry: what it says, its hash, and whom it was about unless that was erased."""

    sequence: int
    hash: str
    subject: str | None
    entry: dict[str, Any]


class AuditPage(_Page):
    """Entries of the log, newest first."""

    items: list[AuditLineView]


class ExportQuery(AuditFilters):
    """Which part of the log to export: all behind an entry, or, with any filter, the entries that pass it."""

    after: int = Field(0, ge=0, description="Only entries behind this one; 0 for all.")
    payloads: bool = Field(True, description="False leaves out whom and what it was about; it verifies all the same.")


class VerifyQuery(_In):
    """The head as it was noted outside the database, if it was."""

    sequence: int | None = Field(None, ge=1, description="Sequence of a head noted elsewhere; needs `hash`.")
    hash: str | None = Field(None, pattern=r"^[0-9a-f]{64}$", description="Its hash.")


class HeadView(_Out):
    """The last entry: note it outside the database, and a cut at the end of the log is found as well."""

    sequence: int
    hash: str


class AuditProblem(_Out):
    """The first bad entry and what is wrong with it."""

    sequence: int
    fault: str
    message: str


class LogVerdict(_Out):
    """Whether the log is what it was when it was written."""

    whole: bool
    checked: int
    erased: int
    head: HeadView
    problem: AuditProblem | None
    proved: int = Field(0, description="The last entry that a checkpoint kept outside the database vouches for.")


class CheckpointView(_Out):
    """Where the log stood, signed (Ed25519); `docs/audit.md` says over which bytes."""

    sequence: int
    hash: str
    root: str = Field(description="Merkle root (RFC 9162) over all entry hashes.")
    time: str
    key: str = Field(description="Id of the key: the first 16 hex digits of its SHA-256.")
    public_key: str
    signature: str


class ProofView(_Out):
    """That one entry is in the log: from its hash, `path` leads to the root of the signed checkpoint."""

    sequence: int
    hash: str
    entry: dict[str, Any]
    path: list[str] = Field(description="Hashes of RFC 9162 section 2.1.3, from the leaf to the root.")
    checkpoint: CheckpointView
