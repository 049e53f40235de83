"""The interface for a company's own systems: read-only JSON below /api/v1, by a key alone (docs/api.md)."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

from desk import api_document
from desk.api_rate import Buckets
from desk.api_resources import PATH, RESOURCES, Parameter, Resource
from reception import api_tokens
from web import problems, refusals
from web.app import now, store

views = Blueprint("api", __name__, url_prefix=PATH)
BEARER = "Bearer"


@views.get("/openapi.json")
def document() -> ResponseReturnValue:
    """Answer what there is, for whoever builds against it: it is the same on every box, and open like its docs."""
    return jsonify(api_document.document())


def _view(resource: Resource) -> Callable[..., ResponseReturnValue]:
    def view(no: str = "") -> ResponseReturnValue:
        key = api_tokens.admitted(store(), _key(), now=now()) if _key() else None
        if key is None:
            return _unknown()
        if wait := _buckets().take(key.id, now()):
            return problems.answer("too_often", 429, headers={"Retry-After": str(wait)})
        if resource.scope not in key.scopes:
            refusals.count("http_403")
            said = {"WWW-Authenticate": f'{BEARER} error="insufficient_scope", scope="{resource.scope}"'}
            return problems.answer("scope_missing", 403, headers=said, scope=resource.scope)
        asked, wrong = _asked(resource.parameters)
        if wrong:
            return problems.answer("parameter_invalid", 400, detail=f"{wrong} is not well formed", parameter=wrong)
        found = resource.read(key.actor, asked, no)
        if found is None:
            return problems.answer("unknown", 404)
        return _same_again(jsonify(found))

    return view


for _resource in RESOURCES:
    _rule = _resource.path.replace("{", "<").replace("}", ">")
    views.add_url_rule(_rule, _resource.name, _view(_resource), methods=["GET"])


def _key() -> str:
    """Return the key that the request bears; '' where it bears none. An address never holds one: addresses are kept."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() == BEARER.lower() else ""


def _unknown() -> Response:
    refusals.count("http_401")
    told = ', error="invalid_token"' if _key() else ""
    return problems.answer("key_unknown", 401, headers={"WWW-Authenticate": f'{BEARER} realm="lobbydesk"{told}'})


def _buckets() -> Buckets:
    found: Buckets = current_app.extensions.setdefault("api_rate", Buckets())
    return found


def _asked(known: Mapping[str, Parameter]) -> tuple[dict[str, str], str]:
    """Return what the request names, and the name of the first that is not well formed, or that nobody knows here."""
    asked = {name: one.default for name, one in known.items() if one.default}
    for name, values in request.args.lists():
        if name not in known or len(values) != 1 or not known[name].takes(values[0]):
            return {}, name[:40] if name and name.isprintable() else "?"
        asked[name] = values[0]
    return asked, ""


def _same_again(response: Response) -> Answer:
    """Let whoever asks again be told that nothing changed, and let nothing in between keep an answer."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
