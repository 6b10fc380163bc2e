"""Advice: what a person should do about each way in which a field can be unreadable.

Pydantic says what is wrong ("Input should be a valid integer"); whoever reads the answer wants to know what to do.
One table from pydantic's error type to a sentence; a type the table does not name keeps pydantic's own words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

MALFORMED = "json_invalid"

ADVICE: Mapping[str, str] = {
    "missing": "Required, but not given: add it.",
    "extra_forbidden": "Not a known field: remove it or correct its spelling. Unknown fields are never ignored.",
    "string_type": "Give text, in quotation marks.",
    "string_too_short": "Give at least {min_length} character(s), or leave the field out.",
    "string_too_long": "Give at most {max_length} characters.",
    "string_pattern_mismatch": "Give a value of the form {pattern}.",
    "enum": "Give one of {expected}.",
    "literal_error": "Give one of {expected}.",
    "int_type": "Give a whole number, without quotation marks.",
    "int_parsing": "Give a whole number.",
    "int_from_float": "Give a whole number, without a fraction.",
    "bool_parsing": "Give true or false.",
    "tuple_type": "Give a list: [ … ].",
    "list_type": "Give a list: [ … ].",
    "too_long": "Give at most {max_length} values; {actual_length} were given.",
    "greater_than_equal": "Give {ge} or more.",
    "less_than_equal": "Give {le} or less.",
    "model_type": "Give an object: {{ … }}.",
    "model_attributes_type": "Give an object: {{ … }}.",
    "dict_type": "Give an object: {{ … }}.",
    "datetime_from_date_parsing": "Give a time as RFC 3339: 2026-11-24T09:14:07Z.",
    "datetime_parsing": "Give a time as RFC 3339: 2026-11-24T09:14:07Z.",
    "timezone_aware": "Give the time with its zone: 2026-11-24T09:14:07Z.",
    "date_from_datetime_parsing": "Give a day as 2026-11-24.",
    "json_invalid": "The body is not well-formed JSON: {error}.",
    "unknown_query": "Not a parameter of this address: remove it. Known are: {known}.",
    "repeated_query": "Give this parameter once.",
}


def complaints(problems: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return each validation error as where (`in`: body, query, path or header), `field` (a dotted path), its
    `code` (pydantic's error type) and the `message` that says what to do.
    """
    return [_complaint(problem) for problem in problems]


def _complaint(problem: Mapping[str, Any]) -> dict[str, str]:
    where, *path = problem["loc"] or ("body",)
    code = str(problem["type"])
    field = "" if code == MALFORMED else ".".join(str(part) for part in path)
    return {"in": str(where), "field": field, "code": code, "message": _message(code, problem)}


def _message(code: str, problem: Mapping[str, Any]) -> str:
    sentence = ADVICE.get(code)
    if sentence is None:
        return str(problem["msg"])
    return sentence.format_map(problem.get("ctx") or {})
