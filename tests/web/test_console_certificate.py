"""The certificate of a screening: what was asked, against what, with which result, and how to check it, on a page."""

import re

import console_examples as examples
import pytest
from console_app import Console

from api.web.presenters.certificate import MOST_MATCHES, certificate
from screening.access import Role
from screening.audit import query
from screening.audit.query import AuditFilter


def test_facts_as_they_were_entered() -> None:
    view = certificate(examples.CLEAR)
    said = [(fact.label, fact.text) for fact in view.facts]
    assert ("Name", "ООО «Каспийская зерновая компания»") in said
    assert ("Identifier", "INN 3099999994") in said
    assert view.facts[0].lang == "ru"
    assert view.not_given == "country, birth date, address"
    assert view.policy == "Review from 70.0, match from 90.0"


def test_a_country_is_written_by_name_and_persian_runs_its_own_way() -> None:
    view = certificate(examples.MATCH)
    assert ("Country", "Iran") in [(fact.label, fact.text) for fact in view.facts]
    assert view.facts[0].rtl
    assert view.not_given == "identifier, address"


def test_what_the_page_has_no_room_for_is_counted() -> None:
    many = tuple(examples.MELLI.model_copy(update={"entity_id": f"ofac:{n}"}) for n in range(MOST_MATCHES + 2))
    done = examples.screening(examples.MATCH.answer.outcome, "Say.", matches=many, near_misses=many[:4])
    view = certificate(done)
    assert len(view.matches) == MOST_MATCHES
    assert view.more == "On the screening’s own page: 2 more matches and 1 more near-miss."
    assert certificate(examples.MATCH).more == ""


async def test_certificate_over_http(console: Console) -> None:
    await console.sign_in()
    answer = await console.screen(name="بانک ملی ایران", kind="organization", reference="AST-2026-118")
    address = str(answer.url.path) + "/certificate"
    assert f'href="{address}"' in answer.text
    shown = await console.client.get(address)
    assert shown.status_code == 200
    html = shown.text
    assert "Screening certificate" in html
    assert "BANK MELLI IRAN" in html
    assert "AST-2026-118" in html
    assert "ab" * 32 in re.sub(r'title="[^"]*"', "", html), "the whole file hash is printed"
    async with console.database.read() as reading:
        (last,) = await query.page(reading, AuditFilter(), limit=1)
        (screened,) = await query.page(reading, AuditFilter(action="screened"), limit=1)
    assert last.content["action"] == "record_read"
    assert last.content["record_id"] in address
    assert screened.hash in html
    assert "caspian audit verify" in html


@pytest.mark.parametrize("path", ["/screenings/01AAAAAAAAAAAAAAAAAAAAAAAA/certificate"])
async def test_no_certificate_without_a_screening(console: Console, path: str) -> None:
    await console.sign_in(Role.OFFICER)
    assert (await console.client.get(path)).status_code == 404
