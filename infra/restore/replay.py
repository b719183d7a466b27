"""What restored tables have to tell again: their streams begin empty, and what was in the old ones is lost.

Consumers of streams remember what they have done, so each is told of every item that its mapping asks for.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from infra.local.patterns import passes

Item = Mapping[str, Any]
Template = Mapping[str, Any]
# Whose consumers are not told again, with the reason.
NOT_TOLD = {
    "NoticesStream": "people would be told of steps long past: what was told is remembered for weeks only",
}
_EVENTS = ("INSERT", "MODIFY")


def told_again(template: Template) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each mapping of a stream whose consumer is told again: function, table, and the mapping."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::EventSourceMapping":
            mapping = resource["Properties"]
            [table, attribute], function = mapping["EventSourceArn"]["Fn::GetAtt"], mapping["FunctionName"]["Ref"]
            if attribute == "StreamArn" and function not in NOT_TOLD:
                yield function, table, mapping


def events(mapping: Mapping[str, Any], items: Iterable[Item]) -> Iterator[dict[str, Any]]:
    """Yield the events, in batches, that tell a mapping's function of those *items* that its filter lets through."""
    patterns = [json.loads(entry["Pattern"]) for entry in mapping.get("FilterCriteria", {}).get("Filters", [])]
    records = (record for item in items for record in _records(patterns, item))
    while batch := list(islice(records, mapping["BatchSize"])):
        yield {"Records": batch}


def _records(patterns: list[dict[str, Any]], item: Item) -> Iterator[dict[str, Any]]:
    """An item that came to be, or has changed since: whichever the filter asks for, once."""
    for event in _EVENTS:
        number = "/".join(item[key]["S"] for key in ("pk", "sk"))
        record = {
            "eventID": number,
            "eventName": event,
            "eventSource": "aws:dynamodb",
            "dynamodb": {"Keys": {key: item[key] for key in ("pk", "sk")}, "NewImage": item, "SequenceNumber": number},
        }
        if passes(patterns, record):
            yield record
            return
