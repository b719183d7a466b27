"""Tables as an export to a moment has them, restored into empty ones: new streams, empty queues, new containers."""

import importlib
import os
from collections.abc import Mapping
from typing import Any

from infra.restore.replay import Template, events, told_again
from infra.restore.sums import Sum, sums
from lumbung.store.table import Database, Delete, Put, from_wire, to_wire
from tests.faults import container
from tests.faults.memory_aws import MemoryAws
from tests.integration.conftest import ENVIRONMENTS, template

_RESOURCES = template()["Resources"]
Item = dict[str, Any]
Export = Mapping[str, list[Item]]  # by table, as DynamoDB writes them


def exported(aws: MemoryAws) -> Export:
    """Return every item, whole, of every table that can be had back; people's keys cannot, and stay as they are."""
    database = Database(aws.dynamodb)
    tables = [name for name in aws.dynamodb.tables if _can_be_had_back(name)]
    return {table: [dict(to_wire(item)) for item in database.scan(table)] for table in tables}


def _can_be_had_back(table: str) -> bool:
    told: dict[str, bool] = _RESOURCES[table]["Properties"]["PointInTimeRecoverySpecification"]
    return told["PointInTimeRecoveryEnabled"]


def sums_of(export: Export) -> dict[str, dict[str, Sum]]:
    return {table: sums(items) for table, items in export.items()}


def restore(aws: MemoryAws, export: Export) -> None:
    """Put *export* into empty tables. What lay in queues is gone, as after a loss of everything but the backups."""
    database = Database(aws.dynamodb)
    for table, items in exported(aws).items():
        for item in items:
            database.commit(Delete(table, {key: item[key]["S"] for key in ("pk", "sk")}))
    assert not any(aws.dynamodb.tables[table] for table in export)
    aws.queued.clear()
    for table, items in export.items():
        for item in items:
            database.commit(Put(table, from_wire(item)))


def tell_again(aws: MemoryAws, transformed: Template) -> int:
    """Tell the streams' consumers of what lies in the tables until nothing is new any more; return how often."""
    for times in range(1, 10):
        before = _keys(aws)
        for function, table, mapping in told_again(transformed):
            for event in events(mapping, exported(aws)[table]):
                _invoke(transformed, function, event)
        if _keys(aws) == before:
            return times
    raise AssertionError("telling it again makes something new each time")


def _keys(aws: MemoryAws) -> set[tuple[str, str, str]]:
    return {(table, *key) for table, rows in aws.dynamodb.tables.items() for key in rows}


def _invoke(transformed: Template, function: str, event: dict[str, Any]) -> None:
    handler = transformed["Resources"][function]["Properties"]["Handler"]
    os.environ.update(ENVIRONMENTS[handler])
    container.fresh()
    answer = importlib.import_module(handler.removesuffix(".handler")).handler(event, None)
    assert answer == {"batchItemFailures": []}, f"{function}: {answer}"
