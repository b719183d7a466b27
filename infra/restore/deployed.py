"""The same on what is deployed: tables are read whole, functions are invoked as their streams would."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from infra.restore.replay import Item, Template, events, told_again

Aws = Callable[[str], Any]  # a client, by service


class NotTold(RuntimeError):
    """A consumer did not take what it was told; its log says why. Telling it again is safe."""


def scan(dynamodb: Any, table: str) -> Iterator[Item]:
    """Yield every item of *table*, page by page."""
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        yield from page["Items"]


def names(cloudformation: Any, stack: str) -> dict[str, str]:
    """Return the real names of a stack's resources by the template's."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {r["LogicalResourceId"]: r["PhysicalResourceId"] for page in pages for r in page["StackResourceSummaries"]}


def replay(aws: Aws, named: Mapping[str, str], template: Template) -> Iterator[tuple[str, int]]:
    """Tell each stream's consumer of what lies in its table; yield the function and how many records it took."""
    dynamodb, functions = aws("dynamodb"), aws("lambda")
    for function, table, mapping in told_again(template):
        records = 0
        for event in events(mapping, scan(dynamodb, named[table])):
            answer = functions.invoke(FunctionName=named[function], Payload=json.dumps(event, default=_base64).encode())
            told = json.loads(answer["Payload"].read())
            if answer.get("FunctionError") or told["batchItemFailures"]:
                raise NotTold(f"{function}: {told}")
            records += len(event["Records"])
        yield function, records


def _base64(value: bytes) -> str:
    """Bytes in an event are base64, as a stream writes them."""
    return base64.b64encode(value).decode()
