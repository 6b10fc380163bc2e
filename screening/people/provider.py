"""Provider: sign-in through the organisation's identity provider, by OpenID Connect: authorization code with PKCE,
state and nonce. It needs the extra `caspian[oidc]`, and does nothing unless the settings name an issuer.

The token is taken only from the issuer's own endpoint and held against its published keys, the issuer, this client, its
end and the nonce of this attempt.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from core.errors import InvalidInput, Unauthenticated, Unavailable
from core.settings import Settings
from screening.access import Role

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by key pair only: no shared secrets, and never `none`."""

LEEWAY_SECONDS: Final = 60
"""Clocks of two machines differ."""

TIMEOUT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in under way; the browser keeps it in a cookie that only the server reads."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for, and the role that its claim comes to here."""

    subject: str
    sign_in_name: str
    name: str
    role: Role


def new_attempt() -> Attempt:
    """Return a fresh attempt: three secrets of 256 bits."""
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


class Provider:
    """The identity provider of the settings. One per process."""

    def __init__(self, settings: Settings) -> None:
        """Raises InvalidInput for a role of the settings that there is none of."""
        self._settings = settings
        self._found: dict[str, Any] | None = None
        try:
            self._roles = {claim: Role(role) for claim, role in settings.oidc_roles.items()}
        except ValueError as error:
            raise InvalidInput(f"CASPIAN_OIDC_ROLES: {error}") from error

    @property
    def configured(self) -> bool:
        """Whether there is one."""
        return self._settings.oidc_issuer is not None

    async def address(self, attempt: Attempt, back: str) -> str:
        """Return where to send the browser; it comes from there to `back`. Raises Unavailable without an answer."""
        found = await self._discover()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": back,
            "scope": "openid profile email",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{found['authorization_endpoint']}?{urlencode(asked)}"

    async def identity(self, code: str, attempt: Attempt, back: str) -> Identity:
        """Return whom the provider vouches for with this code. Raises Unauthenticated where it does not, or where their
        claim comes to no role here; Unavailable without an answer.
        """
        found = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self._settings.oidc_client_id,
            "code_verifier": attempt.verifier,
        }
        secret = self._settings.oidc_client_secret
        async with _client() as client:
            auth = None if secret is None else httpx.BasicAuth(self._settings.oidc_client_id, secret)
            token = await _json(client.post(found["token_endpoint"], data=form, auth=auth or httpx.USE_CLIENT_DEFAULT))
            keys = await _json(client.get(found["jwks_uri"]))
        return self._identity(self._claims(str(token.get("id_token", "")), keys, attempt))

    async def _discover(self) -> dict[str, Any]:
        if self._found is None:
            issuer = str(self._settings.oidc_issuer)
            async with _client() as client:
                found = await _json(client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
            if found.get("issuer") != issuer:
                raise Unavailable("the identity provider names another issuer than CASPIAN_OIDC_ISSUER")
            self._found = found
        return self._found

    def _claims(self, token: str, keys: dict[str, Any], attempt: Attempt) -> dict[str, Any]:
        try:
            from joserfc import jwt
            from joserfc.errors import JoseError
            from joserfc.jwk import KeySet
        except ImportError as error:
            raise Unavailable("sign-in through a provider needs an extra: pip install 'caspian[oidc]'") from error
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]  # as published
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": str(self._settings.oidc_issuer)},
                aud={"essential": True, "value": self._settings.oidc_client_id},
                exp={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": attempt.nonce},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Unauthenticated(f"the provider's token is not good: {type(error).__name__}") from error
        if claims.get("azp", self._settings.oidc_client_id) != self._settings.oidc_client_id:
            raise Unauthenticated("the provider's token was made for another client")
        return claims

    def _identity(self, claims: dict[str, Any]) -> Identity:
        given = claims.get(self._settings.oidc_role_claim, ())
        values = {given} if isinstance(given, str) else set(map(str, given)) if isinstance(given, list) else set()
        role = next((role for claim, role in self._roles.items() if claim in values), None)
        if role is None:
            raise Unauthenticated("none of the provider's roles for this person is one of CASPIAN_OIDC_ROLES")
        subject = str(claims["sub"])
        sign_in_name = str(claims.get("preferred_username") or claims.get("email") or subject)
        name = str(claims.get("name") or sign_in_name)[:200]
        return Identity(f"{claims['iss']} {subject}", sign_in_name, name, role)


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS)


async def _json(asked: Any) -> dict[str, Any]:
    """Return what a provider's endpoint answers. Raises Unauthenticated where it refuses, Unavailable without one."""
    try:
        answer: httpx.Response = await asked
        content = answer.json() if answer.is_success else {}
    except (httpx.HTTPError, ValueError) as error:
        raise Unavailable(f"the identity provider does not answer: {type(error).__name__}") from error
    if 400 <= answer.status_code < 500:
        raise Unauthenticated(f"the identity provider refused it ({answer.status_code})")
    if not isinstance(content, dict) or not content:
        raise Unavailable(f"the identity provider answered {answer.status_code}")
    return content
