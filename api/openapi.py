"""OpenAPI: the description that FastAPI derives, with what it cannot know: keys, problems, and examples that work."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import permissions, problems

DESCRIPTION = """
Caspian screens the parties to Iran–Russia trade against the official sanctions lists, says why, and proves
afterwards what it said.

Every address under `/v1` needs an API key in a header (`Authorization: Bearer ck_…` or `X-API-Key: ck_…`), never in
the address. Every refusal is a problem of RFC 9457 with a stable `type`. Unknown fields and parameters are refused.
Lists of records are read page by page: pass `next` of one page as `cursor` of the following one.
"""

SECURITY: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key as a bearer token."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key in its own header."},
}

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `type` is stable and described at its own address and in docs/api.md.",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "enum": [kind.type for kind in problems.KINDS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, what holds meanwhile, what to do."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "request_id": {"type": "string", "description": "As in X-Request-Id; the log has it too."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "field", "message"],
                "properties": {
                    "in": {"type": "string", "enum": ["body", "query", "path", "header", "server"]},
                    "field": {"type": "string", "description": "Dotted path: subject.birth_date"},
                    "message": {"type": "string", "description": "What to do about it."},
                },
            },
        },
    },
}

ALWAYS = ("unauthenticated", "not-allowed", "invalid-input", "internal")
WITH_BODY = ("malformed-json", "too-large", "unsupported-media-type")
OF_ROUTE: dict[tuple[str, str], tuple[str, ...]] = {
    ("post", "/v1/screenings"): ("conflict", "unavailable"),
    ("get", "/v1/screenings/{id}"): ("not-found",),
    ("post", "/v1/deals"): ("conflict", "unavailable"),
    ("get", "/v1/deals/{id}"): ("not-found",),
    ("get", "/v1/cases/{id}"): ("not-found",),
    ("post", "/v1/cases/{id}/assign"): ("not-found", "conflict"),
    ("post", "/v1/cases/{id}/comments"): ("not-found", "conflict"),
    ("post", "/v1/cases/{id}/evidence"): ("not-found", "conflict"),
    ("get", "/v1/cases/{id}/evidence/{sha256}"): ("not-found", "audit-broken"),
    ("post", "/v1/cases/{id}/decisions"): ("not-found", "conflict"),
    ("post", "/v1/cases/{id}/approval"): ("not-found", "conflict"),
    ("post", "/v1/cases/{id}/reopen"): ("not-found", "conflict"),
    ("post", "/v1/clearances/{id}/end"): ("not-found", "conflict"),
    ("get", "/v1/entities"): ("unavailable",),
    ("get", "/v1/entities/{id}"): ("not-found",),
    ("get", "/v1/lists/{key}"): ("not-found",),
    ("get", "/v1/lists/{key}/changes"): ("not-found",),
    ("post", "/v1/lists/{key}/refresh"): ("not-found", "list-refused"),
    ("post", "/v1/keys"): ("conflict",),
    ("delete", "/v1/keys/{id}"): ("not-found",),
    ("get", "/readyz"): ("not-ready",),
    ("get", "/problems/{slug}"): ("not-found",),
}
"""Which problems an address can answer beside those of every address and of every body."""


def install(app: FastAPI) -> None:
    """Let `app.openapi()` return the full description, made once."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # the way FastAPI documents for replacing its description


def _describe(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    components = schema.setdefault("components", {})
    components["securitySchemes"] = SECURITY
    schemas = components.setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _describe_operation(method, path, operation)
    return schema


def _describe_operation(method: str, path: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    slugs = OF_ROUTE.get((method, path), ())
    if path.startswith("/v1/"):
        roles = permissions.ALLOWED[(method.upper(), path)]
        operation["security"] = [{name: []} for name in SECURITY]
        operation["description"] = f"{operation.get('description', '')}\n\nRoles: {', '.join(sorted(roles))}.".strip()
        slugs = (*ALWAYS, *(WITH_BODY if "requestBody" in operation else ()), *slugs)
    for slug in slugs:
        _add_problem(responses, problems.BY_SLUG[slug])


def _add_problem(responses: dict[str, Any], kind: problems.Kind) -> None:
    """Two kinds can share a status; their titles then stand one after the other, each with its example."""
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
    answer = responses.setdefault(str(kind.status), {"description": "", "content": {problems.MEDIA_TYPE: content}})
    answer["description"] = f"{answer['description']} {kind.title}: {kind.todo}".strip()
    answer["content"][problems.MEDIA_TYPE]["examples"][kind.slug] = {
        "value": {
            "type": kind.type,
            "title": kind.title,
            "status": kind.status,
            "detail": kind.todo,
            "instance": "/v1/…",
            "request_id": "0f8e6d2c4b5a49788d1f3a2b1c0d9e8f",
        }
    }
