"""DynamoDB streams into functions: in order, with Lambda's retries, bisection and failure destination."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.aws import Client, EngineError
from infra.local.blueprint import EventMapping
from infra.local.clock import StackClock, stamp
from infra.local.expiry import Expiry
from infra.local.failures import FailureQueue
from infra.local.functions import Functions
from infra.local.patterns import passes
from infra.local.pump import Source
from infra.local.runtime_api import Outcome
from infra.local.settings import REGION

_PAGE = 1000
_SHORT_PAGE = 100_000
"""Bytes up to which a page cannot have been cut short: the limit is a megabyte, an item's is 400 KB."""
_FIRST_BACK_OFF = 0.05
_LONGEST_BACK_OFF = 2.0

Record = dict[str, Any]


class StreamSource(Source):
    """One mapping's reader of one stream; the engine gives each stream a single shard."""

    def __init__(
        self,
        mapping: EventMapping,
        engine: Client,
        functions: Functions,
        clock: StackClock,
        expiry: Expiry,
        failures: FailureQueue | None,
    ) -> None:
        table = mapping.source.split("/")[1]
        super().__init__(f"stream of {table} into {mapping.function}", table)
        self._mapping = mapping
        self._engine = engine
        self._functions = functions
        self._clock = clock
        self._expiry = expiry
        self._failures = failures
        self._iterator: str | None = None
        self._last: str | None = None
        self._shard = ""

    @property
    def under_way(self) -> int:
        return 0  # a turn ends when everything read has been dealt with

    async def turn(self) -> None:
        more = True
        while more:
            records, more = await self._read()
            if not records:
                return
            self._last = records[-1]["dynamodb"]["SequenceNumber"]
            wanted = [made for record in records if self._wants(made := self._record(record))]
            for start in range(0, len(wanted), self._mapping.batch):
                await self._deliver(wanted[start : start + self._mapping.batch])
            self.delivered += len(records)

    async def _read(self) -> tuple[list[Record], bool]:
        """Return the next records, and whether there may be more: a page ends after so many, or so many bytes."""
        if not self._iterator:
            await self._find_place()
        try:
            answer, size = await self._engine.call_measured(
                "streams", "GetRecords", ShardIterator=self._iterator, Limit=_PAGE
            )
        except EngineError as error:
            if error.code != "ExpiredIteratorException":
                raise
            await self._find_place()
            return await self._read()
        self._iterator = answer["NextShardIterator"]
        records: list[Record] = answer["Records"]
        return records, len(records) == _PAGE or size > _SHORT_PAGE

    async def _find_place(self) -> None:
        """Start where the last record left off; at the beginning if there was none.

        The engine forgets its streams when it stops, so that the beginning is what came since it started.
        """
        described = await self._engine.call("streams", "DescribeStream", StreamArn=self._mapping.source)
        self._shard = described["StreamDescription"]["Shards"][0]["ShardId"]
        place: dict[str, str] = {"ShardIteratorType": "TRIM_HORIZON"}
        if self._last:
            place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last}
        answer = await self._engine.call(
            "streams", "GetShardIterator", StreamArn=self._mapping.source, ShardId=self._shard, **place
        )
        self._iterator = answer["ShardIterator"]

    async def _deliver(self, batch: Sequence[Record]) -> None:
        """Hand over *batch* until it is taken or given up.

        What comes before the first failure is taken. A batch that fails from its start on is cut in two where the
        mapping bisects (which is no retry), so that in the end one record is given up and not its neighbours.
        """
        left, tries = list(batch), 0
        while left:
            outcome = await self._functions.invoke(self._mapping.function, {"Records": left})
            failed_from = self._failed_from(outcome, left)
            if failed_from is None:
                return
            if failed_from:
                left, tries = left[failed_from:], 0
                continue
            if self._mapping.bisects and len(left) > 1:
                half = len(left) // 2
                await self._deliver(left[:half])
                left = left[half:]
                continue
            tries += 1
            if self._is_given_up(left, tries):
                await self._set_aside(left, outcome, tries)
                return
            await asyncio.sleep(min(_LONGEST_BACK_OFF, _FIRST_BACK_OFF * 2 ** (tries - 1)))

    def _failed_from(self, outcome: Outcome, batch: Sequence[Record]) -> int | None:
        """Return the position of the first record that was not taken; None if all were."""
        if outcome.failed:
            return 0
        if not self._mapping.reports_failures:
            return None
        failures = (json.loads(outcome.payload) or {}).get("batchItemFailures") or []
        if not failures:
            return None
        positions = {record["dynamodb"]["SequenceNumber"]: place for place, record in enumerate(batch)}
        return min(positions.get(item.get("itemIdentifier"), 0) for item in failures)

    def _is_given_up(self, batch: Sequence[Record], tries: int) -> bool:
        if 0 <= self._mapping.retries < tries:
            return True
        age = self._clock.now().timestamp() - batch[0]["dynamodb"]["ApproximateCreationDateTime"]
        return bool(0 < self._mapping.max_age_s < age)

    async def _set_aside(self, batch: Sequence[Record], outcome: Outcome, tries: int) -> None:
        first, last = batch[0]["dynamodb"], batch[-1]["dynamodb"]
        print(f"{self.name}: gave up {len(batch)} records from {first['SequenceNumber']} on", flush=True)
        if not self._failures:
            return
        notice = {
            "DDBStreamBatchInfo": {
                "shardId": self._shard,
                "startSequenceNumber": first["SequenceNumber"],
                "endSequenceNumber": last["SequenceNumber"],
                "approximateArrivalOfFirstRecord": self._arrival(first),
                "approximateArrivalOfLastRecord": self._arrival(last),
                "batchSize": len(batch),
                "streamArn": self._mapping.source,
            }
        }
        arn = self._functions.declared[self._mapping.function].arn
        await self._failures.send(arn, "RetryAttemptsExhausted", tries, outcome, notice)

    def _arrival(self, change: Mapping[str, Any]) -> str:
        return stamp(self._clock.at_real(_written_at(change["SequenceNumber"])))

    def _record(self, record: Record) -> Record:
        """Return the record with the stack's time on it, and as time to live's work where it is that."""
        change = record["dynamodb"]
        at = self._clock.at_real(_written_at(change["SequenceNumber"]))
        made = {
            **record,
            "awsRegion": REGION,
            "eventSource": "aws:dynamodb",
            "eventSourceARN": self._mapping.source,
            "dynamodb": {**change, "ApproximateCreationDateTime": int(at.timestamp())},
        }
        if record["eventName"] == "REMOVE" and self._expiry.did_remove(self.watches, change["Keys"]):
            made["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
        return made

    def _wants(self, record: Record) -> bool:
        return passes(self._mapping.patterns, record)


def _written_at(sequence: str) -> float:
    """Return the machine's time of a write: the engine's sequence numbers begin with its milliseconds.

    Its own stamp is cut to the second, in which a moved clock may pass through days.
    """
    return int(sequence[:20]) / 1000
