"""Takes chores from the queue; those called `poison` it cannot take."""

from typing import Any

import notes

from lumbung.runtime import clock


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failures = []
    for record in event["Records"]:
        sent = int(record["attributes"]["SentTimestamp"])
        tries = record["attributes"]["ApproximateReceiveCount"]
        notes.add("seen#queue", f"{record['body']} sent={sent} at={clock.now().isoformat()} try={tries}")
        if record["body"] == "poison" or (record["body"] == "flaky" and tries == "1"):
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
