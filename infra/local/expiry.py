"""Time to live by the stack's clock: the engine's own would follow the machine's."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local.aws import Client
from infra.local.resources import Resources

_REMEMBERED = 10_000


class Expiry:
    def __init__(self, resources: Resources, engine: Client) -> None:
        self._engine = engine
        self._attributes: dict[str, str] = {}
        self._keys: dict[str, list[str]] = {}
        self._removed: OrderedDict[str, None] = OrderedDict()
        for table in resources.of("AWS::DynamoDB::Table"):
            setting = table.properties.get("TimeToLiveSpecification", {})
            if setting.get("Enabled"):
                name = resources.name_of(table.id)
                self._attributes[name] = setting["AttributeName"]
                self._keys[name] = [key["AttributeName"] for key in table.properties["KeySchema"]]

    async def sweep(self, now: datetime) -> set[str]:
        """Delete every item whose time is over, and return the tables it was done in."""
        swept = set()
        for table, attribute in self._attributes.items():
            async for key in self._expired(table, attribute, int(now.timestamp())):
                self._remember(table, key)
                await self._engine.call("dynamodb", "DeleteItem", TableName=table, Key=key)
                swept.add(table)
        return swept

    def did_remove(self, table: str, key: Mapping[str, Any]) -> bool:
        """Tell whether a removal seen on the stream was this sweep's, not the product's."""
        return _identity(table, key) in self._removed

    async def _expired(self, table: str, attribute: str, now: int) -> Any:
        names = {f"#k{place}": name for place, name in enumerate(self._keys[table])}
        place: dict[str, Any] = {}
        while True:
            page = await self._engine.call(
                "dynamodb",
                "Scan",
                TableName=table,
                FilterExpression="#ttl <= :now",
                ProjectionExpression=", ".join(names),
                ExpressionAttributeNames={"#ttl": attribute, **names},
                ExpressionAttributeValues={":now": {"N": str(now)}},
                **place,
            )
            for key in page["Items"]:
                yield key
            if "LastEvaluatedKey" not in page:
                return
            place = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _remember(self, table: str, key: Mapping[str, Any]) -> None:
        self._removed[_identity(table, key)] = None
        while len(self._removed) > _REMEMBERED:
            self._removed.popitem(last=False)


def _identity(table: str, key: Mapping[str, Any]) -> str:
    return json.dumps([table, key], sort_keys=True)
