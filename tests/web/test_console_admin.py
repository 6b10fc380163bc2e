"""People and keys in the console: made, changed, shown once, and for administrators alone."""

import re

import httpx
import pytest
from console_app import Console

from screening.access import Role

LENA = {"sign_in_name": "lena.okafor", "name": "Lena Okafor", "role": "officer"}


def secret(page: httpx.Response) -> str:
    """The secret that a page shows once."""
    return re.findall(r'class="mono strong secret">([^<]+)<', page.text)[0]


async def add_lena(console: Console) -> tuple[str, str]:
    """Add a person; return her id and her temporary password."""
    page = await console.client.post("/people", data=LENA)
    assert page.status_code == 200, page.text
    assert page.headers["cache-control"] == "no-store"
    return re.findall(r'action="/people/([^"]+)"', page.text)[0], secret(page)


async def test_a_person_is_added_signs_in_and_is_disabled(console: Console) -> None:
    await console.sign_in(Role.ADMIN)
    person, password = await add_lena(console)
    again = await console.client.get("/people")
    assert password not in again.text, "shown once"
    assert "Temporary password" in again.text
    other = await console.client.post("/sign-in", data={"name": "lena.okafor", "password": password})
    assert "Choose one of your own" in other.text
    held = await console.client.post(f"/people/{person}", data={"role": "approver"})
    assert '<option value="approver" selected>' in held.text
    disabled = await console.client.post(f"/people/{person}", data={"act": "disable"})
    assert "Disabled" in disabled.text
    let_in = await console.client.post(f"/people/{person}", data={"act": "enable"})
    assert "Disabled" not in let_in.text
    reset = await console.client.post(f"/people/{person}", data={"act": "reset"})
    assert secret(reset) != password


async def test_what_is_wrong_stands_beside_its_field(console: Console) -> None:
    await console.sign_in(Role.ADMIN)
    await add_lena(console)
    taken = await console.client.post("/people", data=LENA)
    assert taken.status_code == 409
    assert 'value="lena.okafor"' in taken.text, "nothing typed is lost"
    wrong = await console.client.post("/people", data=LENA | {"sign_in_name": "", "role": "king"})
    assert wrong.status_code == 422
    assert 'href="#sign_in_name"' in wrong.text
    assert (await console.client.post("/people/nobody", data={"act": "disable"})).status_code == 404
    assert (await console.client.post("/keys", data={"owner": "ERP", "expires_at": "soon"})).status_code == 422


async def test_a_key_is_made_rotated_and_revoked(console: Console) -> None:
    await console.sign_in(Role.ADMIN)
    page = await console.client.post("/keys", data={"owner": "ERP", "role": "trader", "expires_at": "2099-12-31"})
    made = secret(page)
    assert "until 31 Dec 2099" in page.text
    key_id = made.rpartition("_")[0] if made.count("_") == 2 else "_".join(made.split("_")[:2])
    assert made not in (await console.client.get("/keys")).text
    headers = {"Authorization": f"Bearer {made}"}
    assert (await console.client.get("/v1/screenings", headers=headers)).status_code == 200
    rotated = await console.client.post(f"/keys/{key_id}/rotate")
    assert secret(rotated) != made
    assert "its former secret is good until" in rotated.text
    revoked = await console.client.post(f"/keys/{key_id}/revoke")
    assert "Revoked" in revoked.text
    assert (await console.client.get("/v1/screenings", headers=headers)).status_code == 401


@pytest.mark.parametrize("role", [Role.TRADER, Role.OFFICER, Role.AUDITOR])
async def test_nobody_else_sees_people_or_keys(console: Console, role: Role) -> None:
    await console.sign_in(role)
    for address in ("/people", "/keys"):
        assert (await console.client.get(address)).status_code == 403
        assert f'href="{address}"' not in (await console.client.get("/")).text
