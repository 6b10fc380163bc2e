"""The audit log over HTTP: who may read it, filters, one entry, the verdict, the export, what each leaves behind."""

import re
from datetime import UTC, datetime

import pytest
from console_app import Console
from console_tour import DEAL

from api.schemas import AuditProblem, HeadView, LogVerdict, ProofView
from api.web.presenters.audit import action_word, verdict_view
from api.web.presenters.proof import proof_view, replay_view
from screening.access import Role
from screening.audit import query
from screening.audit.entry import Action
from screening.audit.export import verify_export
from screening.audit.query import AuditFilter
from screening.matching.result import Outcome
from screening.replaying import Changed, EntityChange, Today
from screening.services.replay import Replay

AT = datetime(2026, 11, 24, 9, 32, tzinfo=UTC)
HEAD = HeadView(sequence=12, hash="ab" * 32)


def numbers(html: str) -> list[str]:
    """The entries a page shows, from the top."""
    return re.findall(r'aria-label="Entry ([\d,]+)"', html)


async def last_action(console: Console) -> tuple[str, dict[str, object]]:
    """The newest entry: what was done, and its details."""
    async with console.database.read() as reading:
        (line,) = await query.page(reading, AuditFilter(), limit=1)
    return str(line.content["action"]), dict(line.content["details"])


@pytest.mark.parametrize("role", [Role.TRADER, Role.APPROVER])
async def test_the_log_is_for_those_who_answer_for_it(console: Console, role: Role) -> None:
    await console.sign_in(role)
    assert 'href="/audit"' not in (await console.client.get("/lists")).text
    assert (await console.client.get("/audit")).status_code == 403
    assert (await console.client.post("/audit/verify")).status_code == 403
    assert (await console.client.post("/audit/export")).status_code == 403


async def test_filters_and_one_entry(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    await console.screen(name="بانک ملی ایران")
    await console.screen(name="Nobody of this name at all")
    html = (await console.client.get("/audit")).text
    assert 'href="/audit"' in html
    assert len(numbers(html)) > 4
    html = (await console.client.get("/audit?outcome=match")).text
    assert len(numbers(html)) == 1
    assert "بانک ملی ایران" in html
    assert await last_action(console) == ("record_read", {"outcome": "match"})
    entry = await console.client.get(f"/audit?outcome=match&entry={numbers(html)[0]}")
    assert "ofac:25578" in entry.text
    assert "ab" * 32 in entry.text
    assert re.search(r'href="/screenings/[0-9A-Z]{26}"', entry.text)
    html = (await console.client.get("/audit?entity=eu:EU.13719.21")).text
    assert len(numbers(html)) == 1
    assert "No entry passes" in (await console.client.get("/audit?since=2200-01-01")).text


async def test_a_name_is_searched_in_the_body_and_recorded_beside_the_chain(console: Console) -> None:
    await console.sign_in(Role.AUDITOR)
    await console.sign_in(Role.OFFICER)
    await console.screen(name="Bank Melli Iran")
    answer = await console.client.post("/audit", data={"subject": "MELLI", "action": "screened"})
    assert len(numbers(answer.text)) == 1
    assert "elli" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', answer.text))
    action, details = await last_action(console)
    assert (action, details) == ("record_read", {"action": "screened"})


async def test_older_entries_are_one_step_away(console: Console) -> None:
    await console.sign_in(Role.ADMIN)
    for _ in range(26):
        await console.client.get("/audit")
    first = (await console.client.get("/audit?action=record_read")).text
    step = re.search(r'href="(/audit\?action=record_read&amp;cursor=\d+)"', first)
    assert step
    second = (await console.client.get(step[1].replace("&amp;", "&"))).text
    assert numbers(second)
    assert not set(numbers(first)) & set(numbers(second))


async def test_unreadable_filters_are_named(console: Console) -> None:
    await console.sign_in(Role.AUDITOR)
    answer = await console.client.get("/audit?since=yesterday")
    assert answer.status_code == 422
    assert "These filters cannot be read" in answer.text
    assert "From: Give a time" in answer.text
    assert (await last_action(console))[0] == "signed_in", "what was refused is not recorded as read"


async def test_verify_and_export(console: Console) -> None:
    await console.sign_in(Role.AUDITOR)
    html = (await console.client.post("/audit/verify")).text
    assert "Whole" in html
    assert re.search(r"\d+ entries verified", html)
    export = await console.client.post("/audit/export")
    assert export.headers["content-disposition"].endswith('"caspian-audit.jsonl"')
    assert verify_export(export.text.splitlines(keepends=True)).whole
    assert (await last_action(console))[0] == "exported"


async def test_an_entry_is_proved_and_its_screening_replayed_beside_it(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    await console.screen(name="بانک ملی ایران")
    found = (await console.client.get("/audit?action=screened")).text
    (number,) = numbers(found)
    proved = await console.client.post(f"/audit/{number}/proof", data={"action": "screened"})
    assert "Holds" in proved.text
    assert proved.text.count('class="hash"') > 4
    assert numbers(proved.text) == [number], "the filters are kept"
    assert (await last_action(console))[1]["action"] == "screened", "the view after the proof is recorded too"
    file = await console.client.post(f"/audit/{number}/proof", data={"file": "yes"})
    assert file.headers["content-disposition"].endswith(f'"caspian-proof-{number}.json"')
    assert proof_view(ProofView.model_validate_json(file.content)).mark.kind == "clear"
    again = await console.client.post(f"/audit/{number}/replay", data={"action": "screened"})
    assert "Same, byte for byte" in again.text
    assert "On today’s lists: the same answer, match." in again.text
    assert (await console.client.post("/audit/999999/proof")).status_code == 404
    assert (await console.client.post("/audit/1/replay")).status_code == 404, "a key was made, nothing screened"


async def test_a_proof_that_does_not_lead_to_the_root_is_said_not_to_hold(console: Console) -> None:
    await console.sign_in(Role.AUDITOR)
    file = await console.client.post("/audit/2/proof", data={"file": "yes"})
    proved = ProofView.model_validate_json(file.content)
    assert proof_view(proved.model_copy(update={"sequence": 1})).mark.word == "Does not hold"


async def test_a_deal_is_replayed_beside_its_entry_too(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    await console.client.post("/deals/new", data={**DEAL, "once": "abcdefgh12345678"})
    (number,) = numbers((await console.client.get("/audit?action=deal_assessed")).text)
    again = await console.client.post(f"/audit/{number}/replay", data={"action": "deal_assessed"})
    assert "Same, byte for byte" in again.text
    assert "the same verdict, stop, for the same reasons." in again.text


def test_a_replay_says_what_changed() -> None:
    gained = EntityChange(entity_id="ofac:1", name="BANK X", change="gained", recorded=None, now=950)
    against = Today(
        outcome_recorded=Outcome.CLEAR,
        outcome_now=Outcome.MATCH,
        outcome_changed=True,
        entities=(gained,),
        lists=(),
        matcher=(),
    )
    done = Replay(
        screening_id="x",
        recorded_at=AT,
        identical=False,
        outcome_recorded=Outcome.CLEAR,
        outcome=Outcome.CLEAR,
        differs=("say",),
        changed=(Changed(what="matcher", recorded="1.1.0", now="1.2.0"),),
        problems=(),
        today=against,
        audit_sequence=1,
        audit_hash="ab",
    )
    view = replay_view(done)
    assert view.mark.word == "Not the same"
    assert view.texts[1:] == (
        "Changed since: matcher.",
        "Other than recorded: say.",
        "On today’s lists: match.",
        "BANK X matches now and did not then",
    )


async def test_what_passes_the_filters_is_exported_and_verifies_by_itself(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    await console.screen(name="بانک ملی ایران")
    await console.screen(name="Nobody of this name at all")
    assert "Export these" in (await console.client.get("/audit?outcome=match")).text
    assert "Export these" not in (await console.client.get("/audit")).text
    whole = (await console.client.post("/audit/export")).text
    part = (await console.client.post("/audit/export", data={"outcome": "match", "since": "2020-01-01"})).text
    assert "ofac:25578" in part
    assert len(part.splitlines()) < len(whole.splitlines())
    assert verify_export(part.splitlines(keepends=True)).whole
    refused = await console.client.post("/audit/export", data={"since": "yesterday"})
    assert refused.status_code == 422
    assert "These filters cannot be read" in refused.text


def test_the_first_bad_entry_is_named() -> None:
    problem = AuditProblem(sequence=13, fault="altered", message="entry 13: its content does not give its hash")
    view = verdict_view(LogVerdict(whole=False, checked=12, erased=0, head=HEAD, problem=problem), AT, 3.14)
    assert (view.whole, view.mark.word) == (False, "Not whole")
    assert view.text == "entry 13: its content does not give its hash."
    whole = verdict_view(LogVerdict(whole=True, checked=12, erased=0, head=HEAD, problem=None), AT, 3.14)
    assert whole.text == "12 entries verified 24 Nov 2026, 09:32:00, in 3.1 s"


async def test_every_action_can_be_filtered_by(console: Console) -> None:
    await console.sign_in(Role.AUDITOR)
    html = (await console.client.get("/audit?action=signed_in")).text
    assert [action for action in Action if f'<option value="{action}"' not in html] == []
    assert '<option value="signed_in" selected>Signed in</option>' in html
    assert len(numbers(html)) == 1


def test_an_action_without_words_goes_by_its_own_name() -> None:
    assert action_word(Action.LIST_REFUSED) == "Refused a list"
    assert action_word("case_opened") == "Case opened"
