"""Evidence: files attached to cases. Their bytes lie under the data directory, named by their SHA-256; the audit log
has the hash, so that another file in its place is found when it is read.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from core.errors import AuditError, Conflict, InvalidInput, NotFound, TooLarge
from screening.access import Principal
from screening.audit.entry import Action
from screening.audit.log import actor
from screening.cases.inputs import EvidenceInput
from screening.cases.rules import Act
from screening.cases.steps import Step
from screening.cases.tables import CaseEvidence
from screening.cases.work import Work


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """Where the bytes lie, and the most that one file may have."""

    root: Path
    most_bytes: int

    def keep(self, data: bytes) -> str:
        """Write a file's bytes, once, to the disk; return their SHA-256. Raises TooLarge, and InvalidInput for none."""
        if not data:
            raise InvalidInput("the file is empty; nothing was attached")
        if len(data) > self.most_bytes:
            raise TooLarge(f"a file of at most {self.most_bytes:,} bytes can be attached; this one has {len(data):,}")
        digest = hashlib.sha256(data).hexdigest()
        place = self._place(digest)
        if place.exists() and hashlib.sha256(place.read_bytes()).hexdigest() == digest:
            return digest
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as aside:
            aside.write(data)
            aside.flush()
            os.fsync(aside.fileno())
        Path(aside.name).replace(place)
        return digest

    def read(self, digest: str) -> bytes:
        """Return a file's bytes. Raises NotFound when they are gone, AuditError when they are not those attached."""
        try:
            data = self._place(digest).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"the file {digest} was attached, and is no longer in {self.root}") from error
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            raise AuditError(f"the file kept as {digest} is not the one that was attached: its SHA-256 is {found}")
        return data

    def remove(self, digests: Iterable[str]) -> None:
        """Remove files for good, after a lawful erasure; one that is gone already is no error."""
        for digest in digests:
            self._place(digest).unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self.root / digest[:2] / digest


async def attach(
    work: Work, who: Principal, given: EvidenceInput, file: tuple[str, int], request_id: str | None = None
) -> None:
    """Attach a file whose bytes are kept: `file` is their SHA-256 and number.

    Raises NotAllowed, and Conflict when the case has the same file already.
    """
    work.check(Act.ATTACH, who)
    digest, size = file
    if await work.session.get(CaseEvidence, (work.case.id, digest)) is not None:
        raise Conflict("this very file is attached to the case already")
    step = Step(
        work.case.id,
        Action.EVIDENCE_ATTACHED,
        actor(who),
        details={"sha256": digest, "size": size, "media_type": given.media_type},
        note=given.name if not given.note else f"{given.name}\n{given.note}",
        request_id=request_id,
    )
    entries = await work.finish([step])
    work.session.add(
        CaseEvidence(
            case_id=work.case.id,
            sha256=digest,
            name=given.name,
            media_type=given.media_type,
            size=size,
            says=given.note,
            at=work.moment,
            actor_id=who.id,
            actor_name=who.name,
            audit_sequence=entries[0].sequence,
        )
    )
