"""The OpenAPI 3.1 document: what every operation takes, all that it can answer, and an example of each body."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, TypeAdapter

from infra.openapi_examples import example_of

REFS = "#/components/schemas/{model}"
JSON, PROBLEM = "application/json", "application/problem+json"
GATEWAY_S = (429, 500, 503, 504)  # what the gateway itself may answer, whatever is called
SENDER_S = (400, 401)  # of webhooks
BANK_S = (400, 401, 404, 409)  # of a bank's calls (SNAP), in its own words
REFUSALS = {
    status: HTTPStatus(status).name.title().replace("_", "")
    for status in (400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 504)
}
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, and which integration of the template answers it."""

    path: str
    method: str
    integration: str
    public: bool
    route: Any = None


def described(operations: Sequence[Operation]) -> str:
    """Return the document of all functions together."""
    schemas = Schemas(operations)
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Lumbung", "version": "1", "description": "Belanja bahan pokok langsung dari koperasi."},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.filed.items())),
            "responses": {name: _refusal(status) for status, name in REFUSALS.items()},
            "securitySchemes": {"people": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


class Schemas:
    """Models by name. Where two contexts call different models the same, each gets its context's name before it."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.filed: dict[str, Schema] = {"Problem": _PROBLEM, "Message": _MESSAGE}
        seen: dict[str, set[str]] = {}
        for operation in operations:
            for model, mode in _models(operation):
                for name, schema in _named(model, mode).items():
                    seen.setdefault(name, set()).add(json.dumps(schema, sort_keys=True))
        self._ambiguous = {name for name, schemas in seen.items() if len(schemas) > 1}

    def of(self, model: Any, mode: Any, context: str) -> Schema:
        """Return a reference to *model*'s schema (or the schema itself where it has no name), filing what it uses."""
        called = {name: f"{context.capitalize()}{name}" if name in self._ambiguous else name
                  for name in _named(model, mode)}  # fmt: skip
        for name, schema in _named(model, mode).items():
            self.filed[called[name]] = _renamed(schema, called)
        if model is dict:
            return {"type": "object"}
        if isinstance(model, type) and issubclass(model, BaseModel):
            return {"$ref": REFS.format(model=called[model.__name__])}
        schema = TypeAdapter(model).json_schema(mode=mode, ref_template=REFS)
        schema.pop("$defs", None)
        return _renamed(schema, called)


def _models(operation: Operation) -> Iterator[tuple[Any, str]]:
    if operation.route is not None and operation.route.body is not None:
        yield operation.route.body, "validation"
    if operation.route is not None and operation.route.returns not in (None, dict):
        yield operation.route.returns, "serialization"


def _named(model: Any, mode: Any) -> dict[str, Schema]:
    if model in (None, dict):
        return {}
    schema = TypeAdapter(model).json_schema(mode=mode, ref_template=REFS)
    named: dict[str, Schema] = schema.pop("$defs", {})
    if isinstance(model, type) and issubclass(model, BaseModel):
        named[model.__name__] = schema
    return named


def _renamed(schema: Schema, called: Mapping[str, str]) -> Schema:
    text = json.dumps(schema)
    for name, new in called.items():
        text = text.replace(f'"{REFS.format(model=name)}"', f'"{REFS.format(model=new)}"')
    renamed: Schema = json.loads(text)
    return renamed


def _operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": _operation_id(operation), "parameters": list(_parameters(operation))}
    if not operation.public:
        made["security"] = [{"people": []}]
    if operation.route is not None and operation.route.function.__doc__:
        made["description"] = operation.route.function.__doc__.strip()
    if content := _taken(operation, schemas):
        made["requestBody"] = {"required": operation.route is None or operation.route.body is not None,
                               "content": content}  # fmt: skip
    made["responses"] = dict(sorted(_answers(operation, schemas).items()))
    return made


def _operation_id(operation: Operation) -> str:
    words = re.findall(r"[a-z]+", operation.path.removeprefix("/v1").replace(".json", ""))
    return "_".join([operation.method.lower(), *words])


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    if operation.route is None:
        return
    for name in operation.route.query:
        schema = {"type": "integer", "minimum": 1, "maximum": 100} if name == "limit" else {"type": "string"}
        yield {"name": name.removesuffix("!"), "in": "query", "required": name.endswith("!"), "schema": schema}
    if operation.route.keyed:
        key = {"type": "string", "minLength": 1, "maxLength": 128}
        yield {"name": "Idempotency-Key", "in": "header", "required": True, "schema": key}


def _taken(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    """Return the bodies that an operation takes, by media type."""
    if operation.route is None:
        return {JSON: {"schema": {"type": "object"}}} if operation.method == "POST" else {}
    taken: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in operation.route.reads}
    if operation.route.body is not None:
        schema = schemas.of(operation.route.body, "validation", operation.integration)
        taken[JSON] = {"schema": schema, "example": example_of(schema, schemas.filed)}
    return taken


def _answers(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    """Return all that an operation can answer, by status."""
    answers: dict[str, Any] = {
        str(status): {"$ref": f"#/components/responses/{REFUSALS[status]}"} for status in _refused(operation)
    }
    if operation.route is not None and operation.route.returns is None:  # a page, which also says what is refused
        page = {media: {"schema": {"type": "string"}} for media in operation.route.media}
        for status in _refused(operation):
            answers[str(status)] = (refusal := _refusal(status)) | {"content": refusal["content"] | page}
    if operation.route is None:
        answers["200"] = {"description": "stored for good", "content": {JSON: {"schema": {"type": "object"}}}}
        return answers
    content: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in operation.route.media}
    if operation.route.returns is not None:
        schema = schemas.of(operation.route.returns, "serialization", operation.integration)
        content[JSON] = {"schema": schema, "example": example_of(schema, schemas.filed)}
    status = operation.route.status
    answers[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    if operation.route.cache_s is not None:
        answers["304"] = {"description": HTTPStatus.NOT_MODIFIED.phrase}
    return answers


def _refused(operation: Operation) -> set[int]:
    """Return the statuses of refusals, which follow from an operation's shape, and those that it names."""
    route = operation.route
    if route is None:
        return {*GATEWAY_S, *(BANK_S if "/snap/" in operation.path else SENDER_S)}
    return {
        *GATEWAY_S,
        *((401, 403) if route.roles else ()),
        *((404,) if "{" in route.path else ()),
        *((400, 409, 413, 422) if route.keyed else ()),
        *((413, 422) if route.body or route.reads else ()),
        *((422,) if route.query else ()),
        *route.refuses,
    }


def _refusal(status: int) -> dict[str, Any]:
    ours = {PROBLEM: {"schema": {"$ref": REFS.format(model="Problem")}}}
    gateway_s = {JSON: {"schema": {"$ref": REFS.format(model="Message")}}}
    content = {401: ours | gateway_s, 413: ours | gateway_s, 429: ours | gateway_s, 503: ours | gateway_s,
               500: gateway_s, 504: gateway_s}.get(status, ours)  # fmt: skip
    return {"description": HTTPStatus(status).phrase, "content": content}


_MESSAGE: Schema = {
    "type": "object",
    "description": "What the gateway itself answers.",
    "additionalProperties": False,
    "required": ["message"],
    "properties": {"message": {"type": ["string", "null"]}},
}
_PROBLEM: Schema = {
    "type": "object",
    "description": "A refusal (RFC 9457); `code` is stable.",
    "additionalProperties": False,
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
                "additionalProperties": False,
                "required": ["pointer", "message"],
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
