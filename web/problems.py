"""Errors of the interface for other systems, as a program reads them: `application/problem+json` (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, request

# Below this path no page is answered: nobody reads it but programs.
PATH = "/api/"


def asked() -> bool:
    """Whether this request is one of a program."""
    return request.path.startswith(PATH)


def answer(
    code: str, status: int, *, detail: str = "", headers: Mapping[str, str] | None = None, **more: object
) -> Response:
    """Return the problem: `code` in one word, `detail` in a sentence; `more` are members of its own."""
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    body = json.dumps(said | ({"detail": detail} if detail else {}) | more, ensure_ascii=False)
    found = Response(body, status, mimetype="application/problem+json")
    found.headers.update(headers or {})
    return found
