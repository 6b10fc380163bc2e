"""`caspian keys`: hand out, list, rotate and revoke API keys. A key is shown once and stored as a hash."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated

import typer

from api.cli.output import err, out, print_json, print_table
from api.cli.setup import open_database, operator, read_settings
from core.clock import now
from screening import keys
from screening.access import Role
from screening.records import ApiKey

app = typer.Typer(no_args_is_help=True, help="Hand out, list, rotate and revoke API keys.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command()
def create(
    role: Annotated[Role, typer.Option(help="What the key may do.")],
    owner: Annotated[str, typer.Option(help="Who holds it: a person or a system.")] = "",
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Days until it expires; default never.")] = None,
    as_json: AsJson = False,
) -> None:
    """Create a key and print it, once. Only its hash is kept."""
    expires_at = now() + timedelta(days=days) if days else None
    plain, row = asyncio.run(_create(role, owner or role.value, expires_at))
    if as_json:
        print_json({"key": plain, **_shown(row)})
        return
    err.print(f"Key {row.id} for {row.owner}, role {row.role}. It is shown only now:")
    out.print(plain)


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """List the keys, without their secrets."""
    rows = asyncio.run(_list())
    if as_json:
        print_json([_shown(row) for row in rows])
        return
    print_table(
        ("Key", "Role", "Owner", "Created", "Expires", "Revoked", "Last used"),
        [
            (
                r.id,
                r.role,
                r.owner,
                r.created_at,
                r.expires_at or "never",
                r.revoked_at or "",
                r.last_used_at or "never",
            )
            for r in rows
        ],
    )


@app.command()
def rotate(
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="Its id, as `keys list` shows it.")],
    hours: Annotated[int, typer.Option(min=0, max=720, help="Hours that the secret until now stays good.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Give a key a new secret and print it, once. Its id, role, owner and records stay."""
    plain, row = asyncio.run(_rotate(key_id, timedelta(hours=hours)))
    if as_json:
        print_json({"key": plain, **_shown(row)})
        return
    err.print(f"New secret of key {row.id}; the one until now is good until {row.former_until}. It is shown only now:")
    out.print(plain)


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(metavar="KEY", help="Its id, as `keys list` shows it.")]) -> None:
    """Revoke a key; servers stop taking it within seconds."""
    asyncio.run(_revoke(key_id))
    err.print(f"Key {key_id} is revoked.")


async def _create(role: Role, owner: str, expires_at: datetime | None) -> tuple[str, ApiKey]:
    async with open_database(read_settings()) as database, database.write() as session:
        return await keys.create_key(session, role=role, owner=owner, expires_at=expires_at, by=operator())


async def _list() -> list[ApiKey]:
    async with open_database(read_settings()) as database, database.read() as session:
        return await keys.list_keys(session, limit=10_000)


async def _rotate(key_id: str, overlap: timedelta) -> tuple[str, ApiKey]:
    async with open_database(read_settings()) as database, database.write() as session:
        return await keys.rotate_key(session, key_id, overlap=overlap, by=operator())


async def _revoke(key_id: str) -> None:
    async with open_database(read_settings()) as database, database.write() as session:
        await keys.revoke_key(session, key_id, by=operator())


def _shown(row: ApiKey) -> dict[str, str | None]:
    return {
        "id": row.id,
        "role": row.role,
        "owner": row.owner,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "revoked_at": row.revoked_at,
        "last_used_at": row.last_used_at,
        "rotated_at": row.rotated_at,
        "former_until": row.former_until,
    }
