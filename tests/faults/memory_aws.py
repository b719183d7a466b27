"""The AWS that the template declares, in memory and under botocore: tables, queues and secrets.

Every function runs as it is, on real clients; only what would go over the wire is answered here. One action
takes about a millisecond, and `keep` and `restore` less, so that thousands of histories fit in a minute.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore import xform_name as snake_case
from botocore.client import BaseClient

from tests.memory_dynamodb import MemoryDynamoDB
from tests.people import Kms, open_rings
from tests.rights import watched

Params = dict[str, Any]
Resources = Mapping[str, Any]


class MemoryAws:
    def __init__(self, resources: Resources, secrets: Mapping[str, Mapping[str, str]]) -> None:
        self.dynamodb = MemoryDynamoDB(indexes_of(resources))
        self.queued: list[tuple[str, dict[str, Any]]] = []
        self._secrets, self._kms = secrets, Kms()

    def keep(self) -> Callable[[], None]:
        """Return how to put everything back to what it is now."""
        rows, queued = self.dynamodb.keep(), list(self.queued)

        def restore() -> None:
            rows()
            self.queued = list(queued)

        return restore

    def take(self, queue: str) -> dict[str, Any] | None:
        """Take the oldest message off *queue*, None when it is empty."""
        for n, (name, message) in enumerate(self.queued):
            if name == queue:
                del self.queued[n]
                return message
        return None

    def answer(self, client: Any, operation: str, params: Params) -> Any:
        match client.meta.service_model.service_name, operation:
            case "dynamodb", _:
                return getattr(self.dynamodb, snake_case(operation))(**params)
            case "sqs", "SendMessage":
                self.queued.append((params["QueueUrl"], json.loads(params["MessageBody"])))
                return {"MessageId": str(len(self.queued))}
            case "kms", _:
                return getattr(self._kms, snake_case(operation))(**params)
            case "sqs", "SendMessageBatch":
                self.queued += [(params["QueueUrl"], json.loads(entry["MessageBody"])) for entry in params["Entries"]]
                return {"Successful": [{"Id": entry["Id"]} for entry in params["Entries"]], "Failed": []}
            case "secretsmanager", "GetSecretValue":
                return {"SecretString": json.dumps(self._secrets[params["SecretId"]])}
        raise LookupError(f"{operation} is not kept in memory")

    @contextmanager
    def installed(self) -> Iterator["MemoryAws"]:
        """Answer every AWS client of this process while the block runs."""
        real = BaseClient._make_api_call

        def call(client: Any, operation: str, params: Params) -> Any:
            return self.answer(client, operation, params)

        BaseClient._make_api_call = watched(call)  # type: ignore[method-assign]  # the one seam that all clients share
        try:
            open_rings()
            yield self
        finally:
            BaseClient._make_api_call = real  # type: ignore[method-assign]  # as it was


def indexes_of(resources: Resources) -> dict[str, dict[str, tuple[str, str, bool]]]:
    return {
        name: {
            index["IndexName"]: (
                index["KeySchema"][0]["AttributeName"],
                index["KeySchema"][1]["AttributeName"],
                index["Projection"]["ProjectionType"] == "KEYS_ONLY",
            )
            for index in resource["Properties"].get("GlobalSecondaryIndexes", [])
        }
        for name, resource in resources.items()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }
