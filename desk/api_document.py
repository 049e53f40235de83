"""The OpenAPI 3.1 document, written by the declarations that the routes themselves are made of."""

import json
from typing import Any, Final

from desk.api_resources import NO, PATH, RESOURCES, Parameter, Resource
from desk.api_schemas import SCHEMAS
from reception.api_tokens import SCOPES

PROBLEMS: Final = {
    400: "A parameter is not well formed, stands twice, or is not known here.",
    401: "No key, or one that opens nothing: expired, taken back, unknown.",
    403: "The key is not for this.",
    404: "There is nothing of this number for whoever bears a key.",
    429: "Asked too often; `Retry-After` says in how many seconds again.",
    503: "The store is busy or cannot be read; nothing is lost.",
}
# The headers that carry a message to its receiver.
SIGNED: Final = {
    "webhook-id": "The name of the message, the same at each try.",
    "webhook-timestamp": "When this try was sent, in seconds since 1970.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 (base64) of `id.timestamp.body` by the secret.",
}
TOLD: Final = {
    "ticket.called": ("TicketCalled", "A ticket was called, or called again."),
    "case.changed": ("CaseChanged", "A case came into being, or its state changed."),
}


def document() -> dict[str, Any]:
    """Return the document, ready for JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lobbydesk (接待台)",
            "version": "1",
            "description": "Read-only. Numbers, states and times; nothing of a person. See docs/api.md.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": PATH}],
        "security": [{"key": []}],
        "paths": {resource.path: {"get": _operation(resource)} for resource in RESOURCES},
        "webhooks": {name: {"post": _message(*told)} for name, told in TOLD.items()},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made at /settings/api by the administrator, for: "
                    + "; ".join(f"{code} ({words.en})" for code, words in SCOPES.items()),
                }
            },
        },
    }


def _operation(resource: Resource) -> dict[str, Any]:
    numbered = "{no}" in resource.path
    problems = [one for one in PROBLEMS if (one != 404 or numbered)]
    good = {"description": resource.says, "content": {"application/json": {"schema": _ref(resource.schema)}}}
    etag = {"ETag": {"schema": {"type": "string"}, "description": "For `If-None-Match`."}}
    return {
        "operationId": resource.name,
        "summary": resource.says,
        "description": f"For keys with the scope `{resource.scope}`.",
        "parameters": [*([_number()] if numbered else []), *(_parameter(*one) for one in resource.parameters.items())],
        "responses": {
            "200": good | {"headers": etag},
            "304": {"description": "As it was; only where `If-None-Match` names what is known."},
            **{str(one): _problem(PROBLEMS[one]) for one in problems},
        },
    }


def _parameter(name: str, one: Parameter) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": one.kind}
    if one.kind == "string":
        shape["pattern"] = f"^(?:{one.pattern})$"
    if one.kind == "integer":
        shape |= {"minimum": 1, "maximum": 200} if name == "limit" else {"minimum": 0, "maximum": 999999}
        shape["default"] = int(one.default)
    return {"name": name, "in": "query", "required": False, "description": one.says, "schema": shape}


def _number() -> dict[str, Any]:
    shape = {"type": "string", "pattern": f"^{NO}$"}
    return {"name": "no", "in": "path", "required": True, "description": "BX20261123-004", "schema": shape}


def _message(schema: str, says: str) -> dict[str, Any]:
    heads = [
        {"name": name, "in": "header", "required": True, "description": told, "schema": {"type": "string"}}
        for name, told in SIGNED.items()
    ]
    return {
        "summary": says,
        "parameters": heads,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(schema)}}},
        "responses": {"2XX": {"description": "Taken. Anything else: sent again later, for three days."}},
    }


def _problem(says: str) -> dict[str, Any]:
    return {"description": says, "content": {"application/problem+json": {"schema": _ref("Problem")}}}


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


if __name__ == "__main__":
    # For the copy in docs/, which a test holds to this.
    print(json.dumps(document(), ensure_ascii=False, indent=1))
