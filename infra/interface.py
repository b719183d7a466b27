"""The HTTP interface, written down from the code: the template's routes and the OpenAPI document.

`python -m infra.interface` writes both; `--check` says whether they are what the code says.
"""

import importlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template.yaml"
DOCUMENT = ROOT / "functions" / "ordering" / "openapi.json"
CONTEXTS = ("ordering", "payments", "dispatch", "catalog")
# Webhooks have entry points of their own, so that they start without the plumbing of an API.
WEBHOOKS = {
    "POST /v1/webhooks/payments/midtrans": "payments_webhook",
    "POST /v1/webhooks/payments/xendit": "payments_xendit_webhook",
    "POST /v1/webhooks/payments/snap/v1.0/access-token/b2b": "payments_snap_token",
    "POST /v1/webhooks/payments/snap/v1.0/transfer-va/inquiry": "payments_snap_webhook",
    "POST /v1/webhooks/payments/snap/v1.0/transfer-va/payment": "payments_snap_webhook",
    "POST /v1/webhooks/couriers/biteship": "dispatch_webhook",
    "POST /v1/webhooks/couriers/lalamove": "dispatch_lalamove_webhook",
    "GET /v1/webhooks/couriers/lalamove": "dispatch_lalamove_webhook",  # an empty probe, when it is registered
    "POST /v1/webhooks/couriers/grab": "dispatch_grab_webhook",
    "POST /v1/webhooks/couriers/gosend/{secret}": "dispatch_gosend_webhook",
}
# The web client and its session: pages for people, so no part of the documented interface.
STOREFRONT = ("GET /", "GET /{proxy+}", "GET /session/start", "GET /session/return", "POST /session/renewal",
              "POST /session/end")  # fmt: skip
BEGIN, END = "          # routes begin\n", "          # routes end\n"
REFS = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, and which integration of the template answers it."""

    path: str
    method: str
    integration: str
    public: bool
    route: Any = None


def pages() -> list[Operation]:
    return [Operation(path, method, "storefront", True) for method, path in map(str.split, STOREFRONT)]


def operations() -> list[Operation]:
    found = [
        Operation(path, method, name, True) for route, name in WEBHOOKS.items() for method, path in [route.split()]
    ]
    for context in CONTEXTS:
        for route in importlib.import_module(f"{context}.api").api.routes:
            found.append(Operation(route.path, route.method, context, route.public, route))
    return sorted(found, key=lambda operation: (operation.path, operation.method))


def template_routes() -> str:
    """Return the lines between the template's two markers."""
    lines: list[str] = []
    routes = [*pages(), *operations()]
    for path in sorted({operation.path for operation in routes}):
        lines.append(f"          {path}:")
        for operation in (o for o in routes if o.path == path):
            ref = f'{{$ref: "#/components/x-amazon-apigateway-integrations/{operation.integration}"}}'
            security = "" if operation.public else ", security: [{people: []}]"
            lines.append(
                f"            {operation.method.lower()}: {{x-amazon-apigateway-integration: {ref}{security}}}"
            )
    return "\n".join(lines) + "\n"


def template() -> str:
    text = TEMPLATE.read_text()
    before, rest = text.split(BEGIN)
    return before + BEGIN + template_routes() + END + rest.split(END)[1]


def openapi() -> str:
    """Return the OpenAPI 3.1 document of all functions together."""
    found = operations()
    shapes, schemas = _schemas(found)
    paths: dict[str, Any] = {}
    for operation in found:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, shapes)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Lumbung", "version": "1", "description": "Belanja bahan pokok langsung dari koperasi."},
        "paths": paths,
        "components": {
            "schemas": dict(sorted({"Problem": _PROBLEM, **schemas}.items())),
            "securitySchemes": {"people": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


Shapes = Mapping[tuple[Any, Any], Mapping[str, Any]]


def _schemas(found: Sequence[Operation]) -> tuple[Shapes, dict[str, Any]]:
    """Return the schema of each body and answer, and what they refer to. All at once: two contexts may each have a
    `LineView`, and pydantic then names both by their modules."""
    models: list[tuple[Any, Any, TypeAdapter[Any]]] = []
    for route in (operation.route for operation in found if operation.route is not None):
        models += [(model, mode, TypeAdapter(model)) for model, mode in _models(route)]
    shapes, filed = TypeAdapter.json_schemas(models, ref_template=REFS)
    return shapes, filed.get("$defs", {})


def _models(route: Any) -> Iterator[tuple[Any, str]]:
    if route.body is not None:
        yield route.body, "validation"
    if route.returns not in (None, dict):
        yield route.returns, "serialization"


def _described(operation: Operation, shapes: Shapes) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _operation_id(operation),
        "parameters": list(_parameters(operation)),
        "responses": {"default": _problem_answer()},
    }
    if not operation.public:
        described["security"] = [{"people": []}]
    if operation.route is None:
        if operation.method == "POST":
            content = {"application/json": {"schema": {"type": "object"}}}
            described["requestBody"] = {"required": True, "content": content}
        described["responses"]["200"] = {"description": "stored"}
        return described
    if operation.route.function.__doc__:
        described["description"] = operation.route.function.__doc__.strip()
    if operation.route.body is not None:
        schema = shapes[operation.route.body, "validation"]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    returns = operation.route.returns
    schema = {"type": "object"} if returns in (None, dict) else shapes[returns, "serialization"]
    described["responses"][str(operation.route.status)] = {
        "description": "OK",
        "content": {"application/json": {"schema": schema}},
    }
    return described


def _operation_id(operation: Operation) -> str:
    words = re.findall(r"[a-z]+", operation.path.removeprefix("/v1").replace(".json", ""))
    return "_".join([operation.method.lower(), *words])


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    if operation.route is not None and operation.route.keyed:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 128},
        }


def _problem_answer() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": REFS.format(model="Problem")}}}
    return {"description": "A refusal (RFC 9457)", "content": content}


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "message"],
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def main() -> int:
    wanted = {TEMPLATE: template(), DOCUMENT: openapi()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.name} is not what the code says: run `make interface`")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path])
        print(f"wrote {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
