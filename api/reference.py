"""Reference: the page at `/docs`, drawn from the OpenAPI description on the server.

No script and no foreign host: it works behind the content security policy and in an air-gapped network, where the
usual viewers (fetched from a content delivery network) show an empty page.
"""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATE = "reference.html"


def page(app: FastAPI) -> str:
    """Return the reference as HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    schema = app.openapi()
    return environment.get_template(TEMPLATE).render(
        title=schema["info"]["title"],
        version=schema["info"]["version"],
        paragraphs=_paragraphs(schema["info"]["description"]),
        groups=_groups(schema),
    )


def _groups(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Operations by their tag, in the order of the routes."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            tag = operation.get("tags", ["other"])[0]
            groups.setdefault(tag, []).append(_operation(method.upper(), path, operation))
    return groups


def _operation(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": operation["operationId"],
        "method": method,
        "path": path,
        "summary": operation.get("summary", ""),
        "paragraphs": _paragraphs(operation.get("description", "")),
        "parameters": [_parameter(parameter) for parameter in operation.get("parameters", ())],
        "requests": _examples(operation.get("requestBody", {})),
        "answers": [
            {"status": status, "text": answer.get("description", ""), "examples": _examples(answer)}
            for status, answer in sorted(operation["responses"].items())
        ],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "required": parameter.get("required", False),
        "text": parameter.get("description", ""),
    }


def _examples(content_holder: dict[str, Any]) -> list[dict[str, str]]:
    """Every example of a body or an answer, as indented JSON (text stays text)."""
    found: list[dict[str, str]] = []
    for media_type, content in content_holder.get("content", {}).items():
        for name, example in content.get("examples", {}).items():
            value = example["value"]
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
            found.append({"name": example.get("summary", name), "type": media_type, "text": text})
    return found


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
