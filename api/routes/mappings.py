"""Mappings: which columns of a table say what, saved under a name by whoever sends such tables. Each sees its own."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Authorised
from api.strict import StrictRoute
from screening.batch.columns import HEADERS
from screening.batch.mappings import MOST_NAME, list_mappings, remove_mapping, save_mapping

router = APIRouter(route_class=StrictRoute, tags=["batches"])


class MappingInput(BaseModel):
    """A mapping to be saved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=MOST_NAME)
    columns: dict[str, str] = Field(
        min_length=1,
        max_length=len(HEADERS),
        description='Field of a subject to the header of the column that says it: `{"name": "Наименование"}`.',
    )


class MappingView(BaseModel):
    """A saved mapping."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    name: str
    columns: dict[str, str]
    created_at: datetime


class Mappings(BaseModel):
    """All mappings of the caller, by their names."""

    model_config = ConfigDict(frozen=True)

    items: list[MappingView]


@router.post("/v1/batches/mappings", status_code=201, summary="Save a mapping of columns")
async def save(call: Authorised, body: MappingInput, response: Response) -> MappingView:
    """Save which columns say what, for `mapping=NAME` with a later table. Under a name of the caller's that is there
    already it takes its place.
    """
    async with call.services.database.write() as session:
        saved = await save_mapping(session, body.name, body.columns, by=call.principal)
    response.headers["Location"] = f"/v1/batches/mappings/{saved.id}"
    return MappingView.model_validate(saved)


@router.get("/v1/batches/mappings", summary="The caller's saved mappings")
async def read(call: Authorised) -> Mappings:
    """The mappings that the caller has saved, at most 100, by their names."""
    async with call.services.database.read() as session:
        found = await list_mappings(session, of=call.principal)
    return Mappings(items=[MappingView.model_validate(one) for one in found])


@router.delete("/v1/batches/mappings/{id}", summary="Remove a saved mapping")
async def remove(call: Authorised, id: Annotated[str, Path(max_length=MOST_NAME)]) -> MappingView:
    """Remove it, by its id or its name. Batches that were read by it stay as they are."""
    async with call.services.database.write() as session:
        return MappingView.model_validate(await remove_mapping(session, id, by=call.principal))
