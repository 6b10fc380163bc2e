"""What the pages say of the lists: the header's mark, the sign-in page, the table of lists, what was refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from api.web.presenters.lists import freshness, gate, is_sample, lede, lists_page, row
from lists.snapshots import SnapshotInfo
from lists.status import ListState, ListStatus

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def status(key: str = "ofac_sdn", state: ListState = ListState.FRESH, **other: object) -> ListStatus:
    """A list checked half an hour ago, unless a test says otherwise."""
    checked = NOW - timedelta(minutes=30)
    snapshot = SnapshotInfo(
        id="11" * 32,
        source=key,
        number=1,
        published_on=date(2026, 11, 23),
        fetched_at=checked,
        activated_at=checked,
        file_sha256="22" * 32,
        file_name="sdn.xml",
        origin="https://publisher.example/sdn.xml",
        format="made",
        entities=18_758,
        names=43_341,
        parser_version="1",
        sample=False,
    )
    whole = ListStatus(
        key=key,
        title="A list",
        publisher="A publisher",
        url="",
        page="",
        state=state,
        snapshot=snapshot,
        last_checked_at=checked,
        last_success_at=checked,
        last_outcome="unchanged",
        last_reason="",
        every=timedelta(hours=6),
        max_age=timedelta(hours=48),
        next_check_at=checked + timedelta(hours=6),
    )
    return replace(whole, **other)  # type: ignore[arg-type]


def sampled(item: ListStatus) -> ListStatus:
    """The same list, from the bundled sample."""
    assert item.snapshot is not None
    return replace(item, snapshot=replace(item.snapshot, sample=True))


def test_header_counts_fresh_lists_and_names_the_worst() -> None:
    fresh, stale = status(), status("eu_fsf", ListState.STALE)
    missing = status("un_sc", ListState.MISSING, snapshot=None)
    off = status("ofac_cons", ListState.DISABLED)
    assert freshness([fresh, fresh, off]).word == "2 lists fresh"
    assert freshness([fresh, stale]).word == "1 of 2 lists stale"
    assert freshness([fresh, stale, missing]).word == "2 of 3 lists missing"
    assert freshness([missing]).word == "No list in force"
    assert freshness([fresh, sampled(stale)]).word == "Sample lists"
    assert freshness([fresh]).kind == "clear"
    assert {freshness(s).kind for s in ([fresh, stale], [missing], [sampled(fresh)], [])} == {"incomplete"}
    assert is_sample([fresh, sampled(stale)])


def test_gate_names_the_newest_list() -> None:
    view = gate([status(), status("eu_fsf")])
    assert (view.mark.kind, view.mark.word) == ("clear", "2 of 2 fresh")
    assert view.newest == "OFAC SDN, 23 Nov 2026"
    assert view.against == "Screens against OFAC, EU lists"
    assert gate([sampled(status())]).mark.kind == "incomplete"
    assert gate([]).mark.kind == "incomplete"


def test_row_of_a_list_shows_checks_and_hash() -> None:
    shown = row(status(), NOW)
    assert (shown.entries, shown.names, shown.hash) == ("18,758", "43,341", "2222222222222222…")
    assert (shown.checked, shown.result, shown.next_check) == ("24 Nov 09:00", "unchanged", "24 Nov 15:00")
    assert shown.mark.word == "Fresh"


def test_row_of_a_list_that_is_stale_soon_or_long() -> None:
    soon = status(last_success_at=NOW - timedelta(hours=40))
    assert row(soon, NOW).mark.word == "Stale in 8 h"
    assert row(soon, NOW).mark.kind == "review"
    old = status(state=ListState.STALE, last_success_at=NOW - timedelta(days=8))
    assert row(old, NOW).mark.word == "Stale, 6 days"


def test_refused_file_says_why_and_what_holds() -> None:
    refused = status(last_outcome="refused", last_reason="The file ends in the middle of an entry.")
    shown = lists_page([refused], (), NOW)
    assert shown.lede == "One list, all fresh. One file was refused; the one before it stays in force."
    assert shown.refusals[0].title == "OFAC SDN: the file of 24 Nov 09:00 was refused"
    assert shown.refusals[0].holds == "The edition of 23 Nov 2026 stays in force. The next try is at 24 Nov 15:00."
    assert lists_page([status()], (), NOW).refusals == ()


def test_lede_counts_what_is_not_fresh() -> None:
    assert lede([status(), status("eu_fsf", ListState.STALE)]) == "Two lists, one of them fresh."
    assert lede([status(state=ListState.STALE)]) == "One list, none of them fresh."
