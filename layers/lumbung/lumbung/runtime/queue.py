"""Sending to a queue: small JSON messages that carry ids only."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lumbung.domain.errors import ProviderUnavailable

AT_ONCE = 10  # SQS' own limit on one call


class Queue:
    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def send(self, *, delay_s: int = 0, **message: str | int) -> None:
        """Send *message*; it is seen at least once, not before *delay_s* (at most 900)."""
        delay = {"DelaySeconds": delay_s} if delay_s else {}
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message), **delay)

    def send_all(self, messages: Sequence[Mapping[str, str | int]]) -> None:
        """Send *messages*, ten a call; ProviderUnavailable when one was not taken, and others may have been."""
        for start in range(0, len(messages), AT_ONCE):
            entries = [
                {"Id": str(n), "MessageBody": json.dumps(message)}
                for n, message in enumerate(messages[start : start + AT_ONCE])
            ]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            if refused := answer.get("Failed"):
                raise ProviderUnavailable(f"{len(refused)} of {len(entries)} messages were not taken")
