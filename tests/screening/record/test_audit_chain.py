"""The chain itself, pure: canonical bytes, hashes, and that every kind of tampering is found and named."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from screening.audit.entry import (
    GENESIS,
    Action,
    Actor,
    Draft,
    Entry,
    ListUsed,
    MatcherUsed,
    Payload,
    canonical,
    chain,
    columns_of,
    hash_of,
    mentions_of,
    record_of,
)
from screening.audit.verify import START, Fault, Head, Stored, verify

TRADER = Actor("key:ck_1", "Dina Karimova", "trader")
LISTS = (ListUsed("ofac_sdn", "a" * 64, "b" * 64, "2026-11-23", 18_758, "fresh"),)
MATCHER = MatcherUsed("1.0.0", "c" * 64, 700, 900, "defaults", "d" * 64)


def make_draft(number: int) -> Draft:
    return Draft(
        Action.SCREENED,
        TRADER,
        f"S{number}",
        outcome="match",
        lists=LISTS,
        matcher=MATCHER,
        results=(("ofac:36", 980),),
        near_misses=(("eu:EU.1.2", 612),),
        payload=Payload("5a17", f"bank {number}", '{"subject":{"name":"بانک"}}', '{"outcome":"match"}'),
    )


def make_chain(length: int) -> list[Stored]:
    stored: list[Stored] = []
    previous = GENESIS
    for number in range(1, length + 1):
        draft = make_draft(number)
        entry = chain(
            draft, sequence=number, occurred_at=f"2026-11-24T09:14:{number % 60:02}.000000Z", prev_hash=previous
        )
        previous = entry.hash
        stored.append(stored_as(entry, draft))
    return stored


def stored_as(entry: Entry, draft: Draft) -> Stored:
    record = record_of(entry.content)
    return Stored(
        entry.sequence,
        entry.body.encode(),
        entry.hash,
        columns=columns_of(entry.content),
        mentions=mentions_of(entry.content),
        records=() if record is None else (record,),
        payload=draft.payload,
    )


CHAIN = make_chain(12)
HEAD = Head(12, CHAIN[-1].hash)


def test_an_untouched_chain_is_whole() -> None:
    verdict = verify(CHAIN, head=HEAD)
    assert verdict.whole
    assert (verdict.checked, verdict.head) == (12, HEAD)


def test_an_empty_log_is_whole() -> None:
    assert verify([], head=START).whole


def test_the_bytes_are_canonical_json_and_hold_no_name() -> None:
    body = CHAIN[0].body
    assert rfc8785.dumps(json.loads(body)) == body
    assert "بانک".encode() not in body
    assert b"bank 1" not in body


@pytest.mark.parametrize("details", [{"share": 0.5}, {"list": [1, 2.0]}, {"inner": {"x": float("nan")}}])
def test_a_float_is_refused(details: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match="float"):
        chain(Draft(Action.EXPORTED, TRADER, details=details), sequence=1, occurred_at="t", prev_hash=GENESIS)


@given(st.integers(0, len(CHAIN) - 1), st.data())
def test_any_flipped_byte_of_an_entry_is_found_and_named(position: int, data: st.DataObject) -> None:
    victim = CHAIN[position]
    at = data.draw(st.integers(0, len(victim.body) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    body = victim.body[:at] + bytes([victim.body[at] ^ bit]) + victim.body[at + 1 :]
    verdict = verify([*CHAIN[:position], replace(victim, body=body), *CHAIN[position + 1 :]], head=HEAD)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (position + 1, Fault.ALTERED)


@given(st.integers(0, len(CHAIN) - 1), st.integers(0, 63))
def test_a_changed_hash_is_found(position: int, at: int) -> None:
    victim = CHAIN[position]
    letter = "0" if victim.hash[at] != "0" else "1"
    changed = replace(victim, hash=victim.hash[:at] + letter + victim.hash[at + 1 :])
    verdict = verify([*CHAIN[:position], changed, *CHAIN[position + 1 :]], head=HEAD)
    assert verdict.problem is not None
    assert verdict.problem.sequence == position + 1


@given(st.integers(0, len(CHAIN) - 1))
def test_a_rewritten_entry_with_its_own_hash_is_found_at_the_next(position: int) -> None:
    content = json.loads(CHAIN[position].body) | {"outcome": "clear"}
    body = canonical(content)
    forged = Stored(position + 1, body, hash_of(body), payload=CHAIN[position].payload)
    verdict = verify([*CHAIN[:position], forged, *CHAIN[position + 1 :]], head=HEAD)
    assert verdict.problem is not None
    assert verdict.problem.fault is Fault.BROKEN
    assert verdict.problem.sequence == min(position + 2, len(CHAIN))


@given(st.integers(0, len(CHAIN) - 2))
def test_a_removed_entry_is_named(position: int) -> None:
    verdict = verify([*CHAIN[:position], *CHAIN[position + 1 :]], head=HEAD)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (position + 1, Fault.MISSING)


@given(st.integers(0, len(CHAIN) - 1))
def test_a_cut_at_the_end_is_found_with_a_head(kept: int) -> None:
    assert verify(CHAIN[:kept]).whole  # without a head it cannot be seen
    verdict = verify(CHAIN[:kept], head=HEAD)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (kept + 1, Fault.TRUNCATED)


def test_entries_added_behind_the_head_are_found() -> None:
    verdict = verify(make_chain(14), head=Head(12, make_chain(12)[-1].hash))
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (13, Fault.TRUNCATED)


@given(st.permutations(range(len(CHAIN))))
def test_any_other_order_of_rows_is_found(order: list[int]) -> None:
    verdict = verify([CHAIN[at] for at in order], head=HEAD)
    assert verdict.whole == (order == list(range(len(CHAIN))))


@given(st.integers(0, len(CHAIN) - 1), st.integers(0, len(CHAIN) - 1))
def test_contents_swapped_between_two_rows_are_found(a: int, b: int) -> None:
    if a == b:
        return
    swapped = list(CHAIN)
    swapped[a], swapped[b] = replace(CHAIN[b], sequence=a + 1), replace(CHAIN[a], sequence=b + 1)
    verdict = verify(swapped, head=HEAD)
    assert verdict.problem is not None
    assert verdict.problem.sequence == min(a, b) + 1


@given(st.integers(0, len(CHAIN) - 1), st.sampled_from(sorted(columns_of(json.loads(CHAIN[0].body)))))
def test_a_filter_column_that_lies_is_found(position: int, column: str) -> None:
    victim = CHAIN[position]
    assert victim.columns is not None
    lying = replace(victim, columns={**victim.columns, column: "x"})
    verdict = verify([*CHAIN[:position], lying, *CHAIN[position + 1 :]], head=HEAD)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (position + 1, Fault.COLUMN)
    assert column in verdict.problem.message


@given(st.integers(0, len(CHAIN) - 1), st.sampled_from(["salt", "subject", "asked", "answered"]), st.data())
def test_any_changed_letter_of_a_payload_is_found(position: int, part: str, data: st.DataObject) -> None:
    victim = CHAIN[position]
    assert victim.payload is not None
    text = getattr(victim.payload, part)
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
    altered = replace(victim, payload=replace(victim.payload, **{part: changed}))
    verdict = verify([*CHAIN[:position], altered, *CHAIN[position + 1 :]], head=HEAD)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (position + 1, Fault.PAYLOAD)


def test_text_moved_between_two_parts_of_a_payload_is_found() -> None:
    payload = Payload("salt", "subject", "ab", "c")
    assert payload.commitment != replace(payload, asked="a", answered="bc").commitment


def test_a_screening_row_that_lies_or_is_gone_is_found() -> None:
    victim = CHAIN[4]
    assert victim.records is not None
    for records in ((), victim.records * 2, ({**victim.records[0], "outcome": "clear"},)):
        verdict = verify([*CHAIN[:4], replace(victim, records=records), *CHAIN[5:]], head=HEAD)
        assert verdict.problem is not None
        assert (verdict.problem.sequence, verdict.problem.fault) == (5, Fault.RECORD)


def test_a_payload_gone_without_an_erasure_is_named_and_with_one_is_lawful() -> None:
    gone = [*CHAIN[:6], replace(CHAIN[6], payload=None), *CHAIN[7:]]
    verdict = verify(gone, head=HEAD)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (7, Fault.PAYLOAD)
    erasure = Draft(Action.PAYLOAD_ERASED, TRADER, "7", details={"sequence": 7, "reason": "court order"})
    entry = chain(erasure, sequence=13, occurred_at="2026-11-24T10:00:00.000000Z", prev_hash=HEAD.hash)
    lawful = verify([*gone, stored_as(entry, erasure)], head=Head(13, entry.hash))
    assert lawful.whole
    assert lawful.erased == 1


def test_a_part_of_a_log_verifies_from_the_entry_before_it() -> None:
    assert verify(CHAIN[5:], head=HEAD, after=Head(5, CHAIN[4].hash)).whole
    verdict = verify(CHAIN[5:], head=HEAD, after=Head(5, GENESIS))
    assert verdict.problem is not None
    assert verdict.problem.fault is Fault.BROKEN


def test_noise_is_no_entry() -> None:
    for body in (b"", b"[]", b"{}", b"\xff", b'{"sequence":1}', b"1"):
        digest = hash_of(body)
        verdict = verify([Stored(1, body, digest)])
        assert verdict.problem is not None
        assert verdict.problem.fault is Fault.UNREADABLE


def test_random_tampering_never_passes() -> None:
    chooser = random.Random(20261124)
    for _ in range(200):
        rows = list(CHAIN)
        at = chooser.randrange(len(rows))
        match chooser.randrange(4):
            case 0:
                del rows[at]
            case 1:
                rows.insert(at, rows[chooser.randrange(len(rows))])
            case 2:
                rows[at] = replace(rows[at], sequence=rows[at].sequence + chooser.randint(1, 3))
            case _:
                rows = rows[:at]
        assert not verify(rows, head=HEAD).whole
