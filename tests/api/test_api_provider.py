"""Sign-in through an identity provider: a made one on a real socket, which holds us to PKCE; its tokens are checked."""

import base64
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.settings import Settings
from screening.access import Role
from screening.keys import SYSTEM
from screening.people.people import PersonChange, change_person, list_people
from screening.people.sign_in import ATTEMPT

CLIENT, SECRET = "caspian-test", "s3cret"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})


class MadeProvider:
    """Issues one token for one code, to whoever shows the verifier of the challenge that the code was asked with."""

    def __init__(self, server: HTTPServer) -> None:
        self.issuer = server.url_for("").rstrip("/")
        self.claims: dict[str, Any] = {"sub": "17", "preferred_username": "olga", "name": "Olga P."}
        self.claims["roles"] = ["compliance"]
        self.key = KEY
        self.challenge = self.nonce = ""
        self.change: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        server.expect_request("/.well-known/openid-configuration").respond_with_json(
            {"issuer": self.issuer} | {name: f"{self.issuer}/{name}" for name in names}
        )
        server.expect_request("/jwks_uri").respond_with_json({"keys": [KEY.as_dict(private=False)]})
        server.expect_request("/token_endpoint", method="POST").respond_with_handler(self.token)

    def authorise(self, location: str) -> str:
        """What the person does at the provider: returns the state that comes back with the code."""
        assert location.startswith(f"{self.issuer}/authorization_endpoint?")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["redirect_uri"] == "http://test/sign-in/provider/back"
        assert (asked["code_challenge_method"], "openid" in asked["scope"]) == ("S256", True)
        self.challenge, self.nonce = asked["code_challenge"], asked["nonce"]
        return asked["state"]

    def token(self, request: Request) -> Response:
        form, auth = request.form, request.authorization
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        shown = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (form["code"], shown) != ("good", self.challenge) or auth is None or auth.password != SECRET:
            return Response("{}", 400, content_type="application/json")
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": self.nonce} | self.claims
        token = jwt.encode({"alg": "RS256", "kid": "one"}, self.change(claims), self.key)
        return Response(f'{{"id_token": "{token}"}}', content_type="application/json")


@pytest.fixture
def made(httpserver: HTTPServer) -> MadeProvider:
    return MadeProvider(httpserver)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, made: MadeProvider) -> Settings:
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        schedule=False,
        oidc_issuer=made.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_roles={"compliance": "officer", "desk": "trader"},
    )


async def sign_in(door: Any, made: MadeProvider, *, code: str = "good", state: str | None = None) -> Any:
    door.client.cookies.clear()
    sent = await door.client.get("/sign-in/provider", params={"back": "/lists"})
    assert sent.status_code == 303, sent.text
    assert "samesite=lax" in sent.headers["set-cookie"].lower()
    given = made.authorise(sent.headers["location"])
    return await door.client.get("/sign-in/provider/back", params={"code": code, "state": state or given})


async def people(door: Any) -> list[Any]:
    async with door.app.state.services.database.read() as session:
        return await list_people(session)


async def entries(door: Any, record: str) -> list[tuple[str, Any]]:
    answer = await door.client.get("/v1/audit", params={"record": record}, headers=door.auth(Role.AUDITOR))
    return [(line["entry"]["action"], line["entry"]["details"]) for line in reversed(answer.json()["items"])]


async def test_a_person_is_created_at_the_first_sign_in_and_follows_the_provider(
    empty_door: Any, made: MadeProvider
) -> None:
    answer = await sign_in(empty_door, made)
    assert (answer.status_code, answer.headers["refresh"]) == (200, "0; url=/lists")
    assert "Olga P." in (await empty_door.client.get("/lists")).text
    (person,) = await people(empty_door)
    assert (person.sign_in_name, person.role, person.password_hash) == ("olga", "officer", None)
    made.claims |= {"name": "Olga Petrova", "roles": "desk"}
    await sign_in(empty_door, made)
    (again,) = await people(empty_door)
    assert (again.id, again.name, again.role) == (person.id, "Olga Petrova", "trader")
    actions = [action for action, _ in await entries(empty_door, f"user:{person.id}")]
    assert actions == ["person_created", "signed_in", "person_changed", "signed_in"]


BAD: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another issuer": lambda claims: claims | {"iss": "https://evil.example"},
    "another client": lambda claims: claims | {"aud": "somebody"},
    "authorised for another": lambda claims: claims | {"azp": "somebody"},
    "expired": lambda claims: claims | {"exp": int(time.time()) - 3600},
    "another nonce": lambda claims: claims | {"nonce": "replayed"},
    "no nonce": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "no subject": lambda claims: {name: value for name, value in claims.items() if name != "sub"},
    "no role of ours": lambda claims: claims | {"roles": ["guest"]},
    "no role at all": lambda claims: {name: value for name, value in claims.items() if name != "roles"},
}


@pytest.mark.parametrize("name", BAD)
async def test_a_token_that_is_not_good_lets_nobody_in(empty_door: Any, made: MadeProvider, name: str) -> None:
    made.change = BAD[name]
    answer = await sign_in(empty_door, made)
    assert answer.status_code == 401
    assert "did not let you in" in answer.text
    assert "caspian_session" not in answer.headers.get("set-cookie", "")
    assert await people(empty_door) == []
    assert await entries(empty_door, ATTEMPT) == [("sign_in_refused", {"fault": "provider"})]


async def test_a_token_of_another_key_a_wrong_code_and_a_wrong_state_let_nobody_in(
    empty_door: Any, made: MadeProvider
) -> None:
    assert (await sign_in(empty_door, made, code="bad")).status_code == 401
    assert (await sign_in(empty_door, made, state="forged")).status_code == 401
    without = await empty_door.client.get("/sign-in/provider/back", params={"code": "good", "state": ""})
    assert without.status_code == 401
    made.key = OTHER
    assert (await sign_in(empty_door, made)).status_code == 401
    assert await people(empty_door) == []


async def test_whoever_is_disabled_here_stays_out_and_no_name_is_taken_over(
    empty_door: Any, made: MadeProvider
) -> None:
    await sign_in(empty_door, made)
    (person,) = await people(empty_door)
    database = empty_door.app.state.services.database
    async with database.write() as session:
        await change_person(session, person.id, PersonChange(disabled=True), by=SYSTEM)
    assert (await sign_in(empty_door, made)).status_code == 401
    made.claims |= {"sub": "18"}  # somebody else at the provider who calls themselves olga
    assert (await sign_in(empty_door, made)).status_code == 401
    assert len(await people(empty_door)) == 1


async def test_the_sign_in_page_offers_it(empty_door: Any) -> None:
    assert "Sign in through your organisation" in (await empty_door.client.get("/sign-in")).text
