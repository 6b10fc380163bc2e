"""Proofs and signed exports over HTTP, checked as an examiner would: from the answer alone."""

import json
from typing import Any

from screening.access import Role
from screening.audit import checkpoint
from screening.audit.entry import canonical, hash_of
from screening.audit.export import verify_export
from screening.audit.kept import read_places
from screening.audit.merkle import proves_inclusion
from screening.audit.notary import notary_of


async def test_one_entry_is_proved_to_who_sees_no_other(door: Any) -> None:
    screened = await door.screen({"subject": {"name": "Ivan Petrov"}})
    sequence = screened.json()["receipt"]["audit_sequence"]
    answer = await door.get(f"/v1/audit/{sequence}/proof", Role.AUDITOR)
    assert answer.status_code == 200
    proof = answer.json()
    assert "petrov" not in answer.text.lower()
    assert hash_of(canonical(proof["entry"])) == proof["hash"]
    signed = checkpoint.read(proof["checkpoint"])
    assert signed.is_signed_by(notary_of(door.app.state.services.settings).public_key)
    path = [bytes.fromhex(step) for step in proof["path"]]
    leaf = bytes.fromhex(proof["hash"])
    assert proves_inclusion(leaf, sequence - 1, signed.sequence, path, bytes.fromhex(signed.root))
    latest = (await door.get("/v1/audit", action="record_read")).json()["items"][0]["entry"]
    assert latest["details"] == {"sequence": sequence, "proof": signed.sequence}


async def test_an_entry_that_is_not_there_has_no_proof(door: Any) -> None:
    assert (await door.get("/v1/audit/99999/proof", Role.AUDITOR)).status_code == 404
    assert (await door.get("/v1/audit/0/proof", Role.AUDITOR)).status_code == 422
    assert (await door.get("/v1/audit/1/proof", Role.TRADER)).status_code == 403


async def test_an_export_is_signed_and_the_log_is_held_against_what_is_kept(door: Any) -> None:
    await door.screen({"subject": {"name": "Ivan Petrov"}})
    assert (await door.get("/v1/audit/verify")).json()["proved"] == 0
    lines = (await door.get("/v1/audit/export", Role.AUDITOR)).text.splitlines()
    notary = notary_of(door.app.state.services.settings)
    (kept,) = read_places(notary.places)
    assert json.loads(lines[-1])["checkpoint"] == checkpoint.content_of(kept)
    assert verify_export(lines, public_key=notary.public_key).proved == kept.sequence
    verdict = (await door.get("/v1/audit/verify")).json()
    assert (verdict["whole"], verdict["proved"]) == (True, kept.sequence)


async def test_a_filtered_export_verifies_alone_and_is_recorded(door: Any) -> None:
    for name in ("Bank Melli", "Ivan Petrov"):
        body = {"subject": {"name": name}}
        answer = await door.client.post("/v1/screenings", json=body, headers=door.auth(Role.TRADER))
        assert answer.status_code == 200
    auditor = door.auth(Role.AUDITOR)
    answer = await door.client.get("/v1/audit/export?action=screened&subject=melli", headers=auditor)
    lines = answer.text.splitlines(keepends=True)
    assert len(lines) == 3
    assert verify_export(lines).whole
    log = (await door.client.get("/v1/audit?action=exported", headers=auditor)).json()["items"]
    assert log[0]["subject"] == "melli"
    assert log[0]["entry"]["details"] == {"action": "screened", "after": 0, "payloads": True}
    both = await door.client.get("/v1/audit/export?action=screened&after=1", headers=auditor)
    assert both.status_code == 422
