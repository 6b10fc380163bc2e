"""Entities: what is listed, by id and by search; and the types of numbers that a subject may carry."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from api.auth import Authorised
from api.schemas import EntityLine, EntityPage, EntityQuery, EntityView, IdentifierTypes, IdentifierTypeView
from api.strict import StrictRoute
from lists.identifiers import TYPES

router = APIRouter(route_class=StrictRoute, tags=["entities"])

AsOf = Annotated[AwareDatetime | None, Query(description="As the lists had it then (RFC 3339); now if left out.")]


@router.get("/v1/entities", summary="Search listed entities")
async def search(call: Authorised, query: Annotated[EntityQuery, Query()]) -> EntityPage:
    """Listed entities that a name, a number or an id meets, the likest first.

    For looking something up. To decide about a counterparty, screen it: a search is not recorded and has no outcome.
    """
    skip = query.before or 0
    met = await call.services.entities.search(query.q, skip=skip, limit=query.limit)
    return EntityPage(
        items=[EntityLine.model_validate(one) for one in met],
        next=str(skip + query.limit) if len(met) == query.limit else None,
    )


@router.get("/v1/entities/{id}", summary="Read a listed entity")
async def read(call: Authorised, id: str, as_of: AsOf = None) -> EntityView:
    """Everything that the lists in force say of one entity; `as_of` for any past moment that is held."""
    return EntityView(id=id, listings=list(await call.services.entities.get(id, as_of)))


@router.get("/v1/identifier-types", summary="Types of numbers that a subject may carry")
async def identifier_types(call: Authorised) -> IdentifierTypes:
    """What `identifiers[].type` of a screening may be."""
    return IdentifierTypes(items=[IdentifierTypeView.model_validate(known) for known in TYPES()])
