"""Follows the table's stream; notes called `note#poison` it cannot take."""

from typing import Any

import notes


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["pk"]["S"]
        by = record.get("userIdentity", {}).get("principalId", "us")
        stamp = record["dynamodb"]["ApproximateCreationDateTime"]
        notes.add("seen#stream", f"{record['eventName']} {key} {by} {stamp}")
        if key == "note#poison":
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}
