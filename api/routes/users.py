"""Users: the people who sign in to the console. A temporary password is in one answer only, the one that makes it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Authorised
from api.schemas import Label, PageQuery
from api.strict import StrictRoute
from screening.access import Role
from screening.people.passwords import temporary_password
from screening.people.people import NewPerson, PersonChange, change_person, create_person, list_people, read_person

router = APIRouter(route_class=StrictRoute, tags=["users"])


class UserInput(BaseModel):
    """A person to be created."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sign_in_name: str = Field(min_length=2, max_length=80, description="What they type: letters, digits, . _ @ + -")
    name: Label = Field(description="What they are called; the log names them so.")
    role: Role


class UserChange(BaseModel):
    """What to change of a person; what is left out stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Label | None = None
    role: Role | None = Field(None, description="They are signed out and sign in again in it.")
    disabled: bool | None = Field(None, description="True: signed out at once, and no way in until false.")
    unlock: bool = Field(False, description="Let them try again at once after failed sign-ins.")
    reset_password: bool = Field(False, description="Give them a temporary password and sign them out.")


class UserView(BaseModel):
    """A person as administrators see them. `held_until`: sign-ins are refused until then after failed ones."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    sign_in_name: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    failures: int = Field(description="Failed sign-ins in a row.")
    held_until: datetime | None
    password_temporary: bool
    last_signed_in_at: datetime | None


class UserWithPassword(UserView):
    """A person with a temporary password just made, shown this once, good for a week; null where none was made."""

    temporary_password: str | None = None


class UserPage(BaseModel):
    """People, in the order of their creation."""

    model_config = ConfigDict(frozen=True)

    items: list[UserView]
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


@router.post("/v1/users", status_code=201, summary="Create a person")
async def create(call: Authorised, body: UserInput, response: Response) -> UserWithPassword:
    """Create a person who may sign in to the console. The temporary password is in this answer and nowhere else.

    With it they choose one of their own. A sign-in name that is taken is refused (409), so that nobody is made twice.
    """
    password = temporary_password()
    hashed = await call.services.passwords.hashed(password)
    async with call.services.database.write() as session:
        person = await create_person(session, NewPerson(**body.model_dump()), by=call.principal, password_hash=hashed)
    response.headers["Location"] = f"/v1/users/{person.id}"
    return UserWithPassword.model_validate({**person.model_dump(), "temporary_password": password})


@router.get("/v1/users", summary="List people")
async def read(call: Authorised, query: Annotated[PageQuery, Query()]) -> UserPage:
    """Every person who was ever created."""
    async with call.services.database.read() as session:
        rows = await list_people(session, after=query.cursor, limit=query.limit)
    items = [UserView.model_validate(row) for row in rows]
    return UserPage(items=items, next=items[-1].id if len(items) == query.limit else None)


@router.get("/v1/users/{id}", summary="Read a person")
async def read_one(call: Authorised, id: str) -> UserView:
    """One person."""
    async with call.services.database.read() as session:
        return UserView.model_validate(await read_person(session, id))


@router.patch("/v1/users/{id}", summary="Change a person")
async def change(call: Authorised, id: str, body: UserChange) -> UserWithPassword:
    """Change name or role, disable or let in again, unlock, or give a temporary password.

    Whoever is disabled or gets another role or password is signed out everywhere. Nobody changes their own role or
    disables themselves (409).
    """
    password = temporary_password() if body.reset_password else None
    wanted = PersonChange(
        **body.model_dump(exclude={"reset_password"}),
        password_hash=None if password is None else await call.services.passwords.hashed(password),
    )
    async with call.services.database.write() as session:
        person = await change_person(session, id, wanted, by=call.principal)
    call.services.sessions.forget(person.id)
    return UserWithPassword.model_validate({**person.model_dump(), "temporary_password": password})
