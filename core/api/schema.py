"""What every operation of the OpenAPI description shares."""

from __future__ import annotations

from typing import Any, Final

_METHODS: Final = frozenset({"get", "put", "post", "patch", "delete", "head", "options"})
ERROR: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["code", "message", "fields"],
    "properties": {
        "code": {"type": "string", "description": "Stable, for programs."},
        "message": {
            "type": "string",
            "description": "For people, in their language (cookie) or the region's.",
        },
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "What is wrong with each input; dotted names for nested ones.",
        },
    },
}
"""The schema of :func:`core.api.errors.body`."""


def add_errors(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Say that every operation may answer 4xx with the one shape of errors.

    A post-processing hook of drf-spectacular (``SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"]``).
    """
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    answer = {
        "description": "Refused; nothing was changed.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for path in result.get("paths", {}).values():
        for method, operation in path.items():
            if method in _METHODS:
                operation["responses"].setdefault("4XX", answer)
    return result
