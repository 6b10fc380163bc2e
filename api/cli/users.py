"""`caspian users`: the people who sign in to the console. A temporary password is shown once and stored as a hash."""

import asyncio
from typing import Annotated

import typer

from api.cli.output import err, out, print_json, print_table
from api.cli.setup import open_database, operator, read_settings
from screening.access import Role
from screening.people import people
from screening.people.passwords import Passwords, temporary_password
from screening.people.people import NewPerson, PersonChange
from screening.records import Person

app = typer.Typer(no_args_is_help=True, help="Add and change the people who sign in to the console.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Who = Annotated[str, typer.Argument(metavar="NAME", help="Their sign-in name or id, as `users list` shows it.")]

PUBLIC = (
    "id",
    "sign_in_name",
    "name",
    "role",
    "created_at",
    "disabled_at",
    "failures",
    "held_until",
    "password_temporary",
    "last_signed_in_at",
)


@app.command()
def create(
    sign_in_name: Annotated[str, typer.Argument(metavar="NAME", help="What they type to sign in.")],
    role: Annotated[Role, typer.Option(help="What they may do.")],
    name: Annotated[str, typer.Option(help="What they are called; the log names them so.")] = "",
    as_json: AsJson = False,
) -> None:
    """Create a person and print a temporary password, once. With it they choose their own."""
    password = temporary_password()
    person = asyncio.run(_create(sign_in_name, name or sign_in_name, role, password))
    _print_password(person, password, as_json=as_json)


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """List the people."""
    rows = asyncio.run(_list())
    if as_json:
        print_json([_shown(row) for row in rows])
        return
    print_table(
        ("Id", "Signs in as", "Name", "Role", "State", "Last signed in"),
        [(r.id, r.sign_in_name, r.name, r.role, _state(r), r.last_signed_in_at or "never") for r in rows],
    )


@app.command()
def set_role(who: Who, role: Annotated[Role, typer.Argument(help="What they may do from now on.")]) -> None:
    """Give a person another role; they are signed out."""
    person = asyncio.run(_change(who, PersonChange(role=role)))
    err.print(f"{person.sign_in_name} is {person.role}.")


@app.command()
def disable(who: Who) -> None:
    """Keep a person out from now on; they are signed out within seconds. Their records stay."""
    person = asyncio.run(_change(who, PersonChange(disabled=True)))
    err.print(f"{person.sign_in_name} is disabled. Let them in again with: caspian users enable {person.sign_in_name}")


@app.command()
def enable(who: Who) -> None:
    """Let a disabled person in again."""
    person = asyncio.run(_change(who, PersonChange(disabled=False)))
    err.print(f"{person.sign_in_name} may sign in.")


@app.command()
def unlock(who: Who) -> None:
    """Let a person try again at once after failed sign-ins."""
    person = asyncio.run(_change(who, PersonChange(unlock=True)))
    err.print(f"{person.sign_in_name} may try again.")


@app.command()
def reset_password(who: Who, as_json: AsJson = False) -> None:
    """Give a person a temporary password and print it, once; they are signed out."""
    password = temporary_password()
    person = asyncio.run(_reset(who, password))
    _print_password(person, password, as_json=as_json)


async def _create(sign_in_name: str, name: str, role: Role, password: str) -> Person:
    hashed = await Passwords().hashed(password)
    async with open_database(read_settings()) as database, database.write() as session:
        return await people.create_person(
            session, NewPerson(sign_in_name, name, role), by=operator(), password_hash=hashed
        )


async def _list() -> list[Person]:
    async with open_database(read_settings()) as database, database.read() as session:
        return await people.list_people(session, limit=10_000)


async def _change(who: str, change: PersonChange) -> Person:
    async with open_database(read_settings()) as database, database.write() as session:
        person = await people.find_person(session, who)
        return await people.change_person(session, person.id, change, by=operator())


async def _reset(who: str, password: str) -> Person:
    return await _change(who, PersonChange(password_hash=await Passwords().hashed(password)))


def _print_password(person: Person, password: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"temporary_password": password, **_shown(person)})
        return
    err.print(f"{person.name} signs in as {person.sign_in_name}, role {person.role}. This password is shown only now;")
    err.print("it is good for a week, and for choosing one of their own:")
    out.print(password)


def _state(person: Person) -> str:
    if person.disabled_at:
        return "disabled"
    if person.held_until:
        return f"held until {person.held_until[:19]}"
    return "temporary password" if person.password_temporary else "active"


def _shown(person: Person) -> dict[str, object]:
    return {name: getattr(person, name) for name in PUBLIC}
