"""An extract of the log: what passes a filter, verified alone; whatever is changed in it is found."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.clock import now
from core.database import Database
from core.errors import AuditError
from core.settings import Settings
from screening.access import Principal, Role
from screening.audit.checkpoint import Checkpoint, content_of, public_of, sign
from screening.audit.entry import Action, Draft
from screening.audit.export import verify_export
from screening.audit.extract import extract_lines
from screening.audit.kept import read_places
from screening.audit.log import actor, append, erase_payload, seal
from screening.audit.merkle import root
from screening.audit.notary import Notary, notary_of
from screening.audit.query import AuditFilter
from screening.audit.seal import Seal, closing, leaf, sign_seal
from screening.audit.verify import Fault, Verdict

DINA = Principal("key:ck_dina", "Dina", Role.TRADER)
OLGA = Principal("key:ck_olga", "Olga", Role.OFFICER)
COUNT = 11


@pytest.fixture
def notary(tmp_path: Path) -> Notary:
    return notary_of(Settings(data_dir=tmp_path / "data"))


async def fill(database: Database) -> None:
    """Dina's screenings at odd places, among them two that met ofac:36; Olga's readings at even ones."""
    drafts = [
        Draft(
            Action.SCREENED,
            actor(DINA),
            f"S{number:03}",
            outcome="match" if number % 3 == 0 else "clear",
            results=(("ofac:36", 980),) if number % 3 == 0 else (),
            payload=seal("Bank Melli" if number % 3 == 0 else "Ivan", "{}", "{}"),
        )
        if number % 2
        else Draft(Action.RECORD_READ, actor(OLGA), f"S{number - 1:03}")
        for number in range(1, COUNT + 1)
    ]
    async with database.write() as session:
        await append(session, drafts)


async def extracted(database: Database, notary: Notary, *, payloads: bool = True, **wanted: object) -> list[str]:
    chosen = AuditFilter(**wanted)  # type: ignore[arg-type]
    return [line async for line in extract_lines(database, notary, chosen, payloads=payloads)]


def sequences(lines: list[str]) -> list[int]:
    return [json.loads(line)["entry"]["sequence"] for line in lines[1:-1]]


def found(verdict: Verdict) -> Fault:
    assert verdict.problem is not None
    return verdict.problem.fault


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"actor": OLGA.id}, [2, 4, 6, 8, 10]),
        ({"action": "screened"}, [1, 3, 5, 7, 9, 11]),
        ({"entity": "ofac:36"}, [3, 9]),
        ({"subject": "melli"}, [3, 9]),
        ({"outcome": "clear"}, [1, 5, 7, 11]),
        ({"record": "S001"}, [1, 2]),
        ({"actor": DINA.id, "entity": "ofac:36", "outcome": "match"}, [3, 9]),
        ({"actor": "key:nobody"}, []),
        ({"since": now() - timedelta(hours=1), "until": now() + timedelta(days=1)}, list(range(1, COUNT + 1))),
        ({"since": now() + timedelta(days=1)}, []),
    ],
)
async def test_what_passes_the_filter_is_in_it_and_verifies_alone(
    database: Database, notary: Notary, wanted: dict[str, object], expected: list[int]
) -> None:
    await fill(database)
    lines = await extracted(database, notary, **wanted)
    assert sequences(lines) == expected
    verdict = verify_export(lines, public_key=notary.public_key)
    assert (verdict.whole, verdict.checked, verdict.proved) == (True, len(expected), COUNT)
    assert verify_export(lines).proved == 0  # a key inside the file proves nothing on its own
    assert verify_export(lines, kept=read_places(notary.places)).proved == COUNT


async def test_without_payloads_it_names_nobody(database: Database, notary: Notary) -> None:
    await fill(database)
    lines = await extracted(database, notary, payloads=False, action="screened")
    assert not any("melli" in line.casefold() for line in lines)
    assert verify_export(lines, public_key=notary.public_key).whole


async def test_an_erased_payload_is_told_and_is_no_fault(database: Database, notary: Notary) -> None:
    await fill(database)
    async with database.write() as session:
        await erase_payload(session, 3, OLGA, "order 12")
    verdict = verify_export(await extracted(database, notary, action="screened"), public_key=notary.public_key)
    assert (verdict.whole, verdict.erased) == (True, 1)


ALTERATIONS: dict[str, tuple[Callable[[list[str]], list[str]], Fault]] = {
    "an entry altered": (lambda e: [*e[:2], e[2].replace('"match"', '"matcj"'), *e[3:]], Fault.ALTERED),
    "an entry deleted": (lambda e: [*e[:2], *e[3:]], Fault.MISSING),
    "the last entry deleted": (lambda e: [*e[:-2], e[-1]], Fault.MISSING),
    "all entries deleted": (lambda e: [e[0], e[-1]], Fault.MISSING),
    "an entry twice": (lambda e: [*e[:3], e[2], *e[3:]], Fault.REORDERED),
    "two entries swapped": (lambda e: [e[0], e[2], e[1], *e[3:]], Fault.REORDERED),
    "a payload taken out": (
        lambda e: [e[0], json.dumps({k: v for k, v in json.loads(e[1]).items() if k != "payload"}), *e[2:]],
        Fault.MISSING,
    ),
    "a payload of another": (
        lambda e: [e[0], json.dumps(json.loads(e[1]) | {"payload": json.loads(e[2])["payload"]}), *e[2:]],
        Fault.PAYLOAD,
    ),
    "a path of another": (
        lambda e: [e[0], json.dumps(json.loads(e[1]) | {"path": json.loads(e[2])["path"]}), *e[2:]],
        Fault.UNPROVED,
    ),
    "a path taken out": (
        lambda e: [e[0], json.dumps({k: v for k, v in json.loads(e[1]).items() if k != "path"}), *e[2:]],
        Fault.UNPROVED,
    ),
    "another filter": (lambda e: [e[0].replace("screened", "exported"), *e[1:]], Fault.UNSIGNED),
    "lines behind the end": (lambda e: [*e, e[1]], Fault.TRUNCATED),
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERATIONS)
async def test_an_altered_extract_is_found(database: Database, notary: Notary, name: str) -> None:
    await fill(database)
    lines = await extracted(database, notary, action="screened")
    alter, fault = ALTERATIONS[name]
    assert found(verify_export(alter(lines), public_key=notary.public_key)) is fault
    assert found(verify_export(alter(lines))) is fault  # damage shows without any key


async def test_every_flipped_byte_is_found(database: Database, notary: Notary) -> None:
    await fill(database)
    lines = await extracted(database, notary, entity="ofac:36")
    for number, line in enumerate(lines):
        for at in range(0, len(line) - 1, 5):
            changed = line[:at] + chr(ord(line[at]) ^ 1) + line[at + 1 :]
            try:
                verdict = verify_export([*lines[:number], changed, *lines[number + 1 :]], public_key=notary.public_key)
            except AuditError:
                continue
            assert not verdict.whole, (number, at, changed[max(0, at - 30) : at + 30])


async def test_a_cut_end_is_found(database: Database, notary: Notary) -> None:
    await fill(database)
    lines = await extracted(database, notary, action="screened")
    with pytest.raises(AuditError, match="cut short"):
        verify_export(lines[:-1])
    unsealed = json.dumps({"checkpoint": json.loads(lines[-1])["checkpoint"]})
    with pytest.raises(AuditError, match="seal"):
        verify_export([*lines[:-1], unsealed])
    head = {name: json.loads(lines[-1])["checkpoint"][name] for name in ("sequence", "hash")}
    unsigned = json.dumps({"checkpoint": head})
    assert found(verify_export([*lines[:-1], unsigned])) is Fault.UNSIGNED


async def test_one_built_anew_with_another_key_is_found(database: Database, notary: Notary) -> None:
    """Somebody who drops an entry and seals the rest with a key of their own."""
    await fill(database)
    lines = await extracted(database, notary, action="screened")
    own = Ed25519PrivateKey.generate()
    true = json.loads(lines[-1])["checkpoint"]
    forged = sign(
        own, sequence=true["sequence"], entry_hash=true["hash"], root=bytes.fromhex(true["root"]), time=true["time"]
    )
    rest = [lines[1], *lines[3:-1]]
    new_root = root(leaf(json.loads(line)["hash"], has_payload=True) for line in rest).hex()
    opening = json.loads(lines[0])
    resealed = sign_seal(own, Seal(opening["filter"], True, len(rest), new_root, forged))
    made = [lines[0], *rest, json.dumps({"checkpoint": content_of(forged), "seal": closing(resealed)})]
    assert verify_export(made).whole  # it cannot be seen from the file alone
    assert found(verify_export(made, public_key=notary.public_key)) is Fault.UNSIGNED
    mixed = [lines[0], *rest, json.dumps({"checkpoint": true, "seal": closing(resealed)})]
    assert found(verify_export(mixed)) is Fault.UNSIGNED


async def test_a_checkpoint_kept_elsewhere_finds_another_log(database: Database, notary: Notary) -> None:
    await fill(database)
    lines = await extracted(database, notary, action="screened")
    (kept,) = read_places(notary.places)
    own = Ed25519PrivateKey.generate()
    other = sign(own, sequence=kept.sequence, entry_hash=kept.hash, root=bytes(32), time=kept.time)
    assert isinstance(other, Checkpoint)
    assert verify_export(lines, kept=[other]).proved == 0  # signed by somebody else: says nothing
    lied = sign(notary.private, sequence=kept.sequence, entry_hash=kept.hash, root=bytes(32), time=kept.time)
    assert found(verify_export(lines, kept=[lied])) is Fault.REBUILT
    assert public_of(own) != notary.public_key
