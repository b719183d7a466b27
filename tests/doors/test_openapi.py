"""The interface's own description: a valid document, strict, with examples that it allows itself."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from infra.interface import DOCUMENT, STOREFRONT
from tests.doors.gateway import declared

DESCRIBED = json.loads(DOCUMENT.read_text())
# What others have laid down, and keep: their documents are passed on as they are.
THEIRS = {
    "/v1/feeds/lkpp/products", "/v1/feeds/lkpp/products/{no_produk_penyedia}", "/v1/feeds/ocds/waves/{wave_id}",
    "/v1/openapi.json",
}  # fmt: skip
FREE = ["/KeptThing/properties/says"]  # whatever is kept about a person is told to them


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DESCRIBED["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def objects(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of an object within *schema*."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield place, schema
        for name, part in schema.items():
            yield from objects(part, f"{place}/{name}")
    if isinstance(schema, list):
        for n, part in enumerate(schema):
            yield from objects(part, f"{place}/{n}")


def test_it_is_an_openapi_document() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DESCRIBED).iter_errors()] == []


def test_it_has_every_route_of_the_template_and_guards_the_same_ones() -> None:
    routes = {route.key: route.trust is not None for route in declared()[0].routes if route.key not in STOREFRONT}

    assert {key: "security" in operation for key, operation in operations()} == routes


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, operation in operations()]

    assert len(set(names)) == len(names)


def test_nothing_unsaid_is_allowed() -> None:
    loose = [place for place, schema in objects(DESCRIBED["components"]["schemas"], "") if not _closed(schema)]
    for key, operation in operations():
        if key.split()[1] not in THEIRS and "/webhooks/" not in key:
            loose += [place for place, schema in objects(operation, key) if not _closed(schema)]

    assert loose == FREE


def _closed(schema: dict[str, Any]) -> bool:
    """A closed object, or a map whose values have a schema."""
    allowed = schema.get("additionalProperties")
    return allowed is False or (isinstance(allowed, dict) and "properties" not in schema)


def test_every_operation_says_how_it_is_refused_and_nothing_is_left_to_a_default() -> None:
    for key, operation in operations():
        answers = operation["responses"]
        assert "default" not in answers, key
        assert {"429", "500", "503", "504"} <= answers.keys(), key
        assert "security" not in operation or {"401", "403"} <= answers.keys(), key
        assert any(status < "400" for status in answers), key


def examples() -> Iterator[Any]:
    for key, operation in operations():
        for place, content in [("asks", operation.get("requestBody", {}).get("content", {})),
                               *((s, a.get("content", {})) for s, a in operation["responses"].items())]:  # fmt: skip
            if "example" in content.get("application/json", {}):
                yield pytest.param(content["application/json"], id=f"{key} {place}")


@pytest.mark.parametrize("said", examples())
def test_an_example_is_one(said: dict[str, Any]) -> None:
    schema = {**said["schema"], "components": DESCRIBED["components"]}

    assert [error.message for error in Draft202012Validator(schema).iter_errors(said["example"])] == []
