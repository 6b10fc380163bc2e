"""Holders: who stands behind a principal's id today, so that a case can be given to them."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Unauthenticated
from screening.access import Principal
from screening.keys import principal_of_key, usable
from screening.people.people import principal_of
from screening.records import ApiKey, Person


async def find_holder(session: AsyncSession, principal_id: str) -> Principal | None:
    """Return the person or key of an id (`user:…`, `key:ck_…`); None when nobody stands behind it any longer."""
    kind, _, own = principal_id.partition(":")
    if kind == "user":
        person = await session.get(Person, own)
        return None if person is None or person.disabled_at is not None else principal_of(person)
    if kind != "key":
        return None
    try:
        return principal_of_key(usable(await session.get(ApiKey, own)))
    except Unauthenticated:
        return None
