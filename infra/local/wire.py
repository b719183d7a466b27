"""A short way from a worker's AWS clients to the engine: one kept connection, nothing between.

botocore hands a signed request to its `before-send` hook, which may answer it; that saves 40 % of a call's work.
Only requests for the engine go this way.
"""

import http.client
import threading
import weakref
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError

_PATIENCE = 60.0
_SERVICES = ("dynamodb", "sqs", "secretsmanager", "kms")
"""Those that speak JSON: their answers are read whole."""


class Wire:
    def __init__(self, engine_url: str) -> None:
        self._engine = engine_url
        self._host = urlsplit(engine_url).netloc
        self._kept = threading.local()
        self._served: weakref.WeakSet[Any] = weakref.WeakSet()

    def serve(self, client: Any) -> None:
        """Let *client* go this way, if it does not yet."""
        if client not in self._served:
            self._served.add(client)
            if client.meta.service_model.service_name in _SERVICES:
                client.meta.events.register("before-send", self._send)

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if not request.url.startswith(self._engine):
            return None
        connection = getattr(self._kept, "connection", None)
        if connection:
            try:
                return self._exchange(connection, request)
            except (ConnectionError, http.client.HTTPException):
                self._kept.connection = None  # closed by the engine while it lay idle
        try:
            return self._exchange(http.client.HTTPConnection(self._host, timeout=_PATIENCE), request)
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionClosedError(error=error, endpoint_url=request.url, request=request) from error

    def _exchange(self, connection: http.client.HTTPConnection, request: AWSPreparedRequest) -> AWSResponse:
        headers = {_text(name): _text(value) for name, value in request.headers.items()}
        connection.request(request.method, request.url[len(self._engine) :] or "/", request.body, headers)
        answer = connection.getresponse()
        response = AWSResponse(request.url, answer.status, dict(answer.headers.items()), None)
        response._content = answer.read()
        self._kept.connection = None if answer.will_close else connection
        return response


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
