"""Sending to a queue: small JSON messages that carry ids only."""

import json
from typing import Any


class Queue:
    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def send(self, *, delay_s: int = 0, **message: str | int) -> None:
        """Send *message*; it is seen at least once, not before *delay_s* (at most 900)."""
        delay = {"DelaySeconds": delay_s} if delay_s else {}
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message), **delay)
