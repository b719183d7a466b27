"""What we know and nobody is asked for: no body takes it, no answer tells it, and nobody reads of other people."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import lumbung.domain as domain
from infra.openapi import Operation
from tests.doors import things
from tests.doors.fuzz import JSON, PARTS, RAW, routes
from tests.doors.test_authorisation import Row, ask, cells, table
from tests.doors.world import BUDI, CALLERS, JOKO, OPERATOR, SITI, World
from tests.faults.ordering_world import Body

BODIES = [operation for operation in routes() if operation.route.body is not None]
# Whom nobody but themselves, their person in charge and the office may read of.
PEOPLE = {person.id: (person.name, person.phone, str(person.phone)[3:]) for person in (SITI, BUDI, JOKO)}
MAY_READ = {"nobody": (), "no role": (), "member": (SITI.id,), "pic": (SITI.id, BUDI.id), "cooperative": ()}
PRIVATE = ("Nenek Siti", "Jl. Salemba Raya 4", "Catatan siti", "9988776655", "081298765432")
READS_PRIVATE = ("member", "pic", "operator")


def domain_fields() -> set[str]:
    names = set()
    for module in pkgutil.iter_modules(domain.__path__):
        for thing in vars(importlib.import_module(f"lumbung.domain.{module.name}")).values():
            if is_dataclass(thing):
                names |= {field.name for field in fields(thing)}
    return names


def stored_fields(world: World) -> set[str]:
    return {name for rows in world.aws.dynamodb.tables.values() for item in rows.values() for name in item}


def places(schema: Any, value: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any], set[str]]]:
    """Yield each object in an example: where it is, itself, and what its schema knows."""
    if "$ref" in schema:
        schema = RAW["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            schema = schema[choice][0]
            yield from places(schema, value, where)
            return
    if isinstance(value, dict) and "properties" in schema:
        yield where, value, set(schema["properties"])
        for name, part in list(value.items()):
            yield from places(schema["properties"][name], part, f"{where}/{name}")
    if isinstance(value, list) and "items" in schema:
        for n, part in enumerate(value):
            yield from places(schema["items"], part, f"{where}/{n}")


@pytest.mark.parametrize("operation", BODIES, ids=lambda operation: f"{operation.method} {operation.path}")
def test_no_body_takes_what_only_we_set(world: World, operation: Operation) -> None:
    known = (domain_fields() | stored_fields(world)) - {"pickup"}  # names a model of a body, which pointers leave out
    said = RAW["paths"][operation.path][operation.method.lower()]["requestBody"]["content"][JSON]
    body: Body = json.loads(json.dumps(said["example"]))
    offered = set()
    for where, object_, taken in list(places(said["schema"], body)):
        names = known - taken
        object_ |= dict.fromkeys(names, "x")
        offered |= {f"{where}/{name}" for name in names}
    role = ("cooperative", *operation.route.roles)[-1]
    row = Row(f"{operation.method} {operation.path}", "", 0, {})
    path = operation.path
    if row.parameters:
        own = things.SAME if role == "pic" and "{order_id}" in path else things.OWN
        path = path.format(**dict(things.ids_of(row.route, row.parameters, role, world.ids))[own])

    before = world.everything()
    answer = world.gateway.send(operation.method, path, body, caller=CALLERS[role], key="excess")

    assert answer.status == 422, answer.body[:300]
    assert offered <= {fault["pointer"] for fault in json.loads(answer.body)["errors"]}
    assert len(offered) > 400
    assert world.everything() == before


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(part)


def said_anywhere() -> set[str]:
    return {name for schema in RAW["components"]["schemas"].values() for name in schema.get("properties", {})}


TELLS_ALL = {"GET /v1/openapi.json", "GET /v1/me/data"}  # the names themselves; everything kept about the caller
READS = [row for row in table() if row.method == "GET"]


@pytest.mark.parametrize("row", READS, ids=lambda row: row.route)
def test_no_answer_tells_more_than_its_schema_or_of_other_people(world: World, row: Row) -> None:
    internal = (domain_fields() | stored_fields(world)) - said_anywhere()
    answers = RAW["paths"][row.route.split()[1]]["get"]["responses"]
    for role, _, values in cells(row, world):
        answer = ask(world, row, role, values)
        told = answer.body.decode(errors="replace")
        content = answers[str(answer.status)]
        if "$ref" in content:
            content = RAW["components"]["responses"][content["$ref"].rpartition("/")[2]]
        media = dict(answer.headers)["content-type"].partition(";")[0]
        if media.endswith("json"):
            schema = content["content"][media]["schema"] | PARTS
            assert [e.message for e in Draft202012Validator(schema).iter_errors(json.loads(told))] == [], role
            if row.route not in TELLS_ALL:
                assert internal & set(keys_of(json.loads(told))) == set(), role
        if role != "operator":
            read = [person for person, words in PEOPLE.items() if person not in MAY_READ[role] if any_of(words, told)]
            assert read == [], role
        if role not in READS_PRIVATE:
            assert not any_of(PRIVATE, told), role


def any_of(words: Any, text: str) -> bool:
    return any(str(word) in text for word in words)


def test_the_office_reads_what_others_may_not(world: World) -> None:
    told = world.gateway.send("GET", f"/v1/orders/{world.ids['order siti']}", caller=OPERATOR).body.decode()

    assert any_of(PEOPLE[SITI.id], told) and any_of(PRIVATE, told)
