"""Asking a catalogue source: patient with what passes, final with what does not, and never drowned by an answer."""

import json
import tempfile
from collections.abc import Mapping
from typing import IO, Any

import urllib3

from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.feed import NotChanged, SourceBusy, SourceRefuses

MAX_ANSWER = 32 * 1024 * 1024  # bytes of one page; 500 rows of a talkative supplier are about two
MAX_FILE = 1024 * 1024 * 1024  # bytes of one file, on disk: a million rows are some hundred megabytes
LONGEST_TAG = 200
_CHUNK = 1024 * 1024
_TIMEOUT = urllib3.Timeout(connect=3, read=15)
_RETRIES = urllib3.Retry(
    total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504), raise_on_status=False, redirect=0,
    respect_retry_after_header=False,  # the run's next message waits as long as that says, and no function
)  # fmt: skip


class Wire:
    """One source's address, without what its paths begin with. *headers* go with every request."""

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=_RETRIES, headers=dict(headers or {}))

    def json(self, path: str, fields: Mapping[str, str] | None = None) -> Any:
        """Return the JSON that *path* answers.

        ProviderUnavailable where trying again later may help (with the wait that the source asks for, if it
        does); SourceRefuses where it does not.
        """
        answer = self._ask(path, fields)
        try:
            body = answer.read(MAX_ANSWER + 1)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as failure:
            raise _silent(failure) from None
        if len(body) > MAX_ANSWER:
            raise ProviderUnavailable(f"the source answers with more than {MAX_ANSWER} bytes")
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise ProviderUnavailable("the source's answer is no JSON") from None

    def file(self, path: str, *, unless: str | None = None) -> tuple[IO[bytes], str | None]:
        """Return a file of the source, kept on disk and read from its beginning, and the tag of its contents.

        NotChanged while its tag is still *unless*.
        """
        answer = self._ask(path, None, {"If-None-Match": unless} if unless else {})
        if unless and answer.status == 304:
            answer.release_conn()
            raise NotChanged(unless)
        kept, size = tempfile.TemporaryFile(), 0  # noqa: SIM115 - the caller's to close
        try:
            for chunk in answer.stream(_CHUNK, decode_content=True):
                size += kept.write(chunk)
                if size > MAX_FILE:
                    raise SourceRefuses(f"the file is larger than {MAX_FILE} bytes")
        except urllib3.exceptions.HTTPError as failure:
            raise _silent(failure) from None
        finally:
            answer.release_conn()
        kept.seek(0)
        tag = answer.headers.get("ETag")
        return kept, tag if tag and len(tag) <= LONGEST_TAG else None

    def _ask(
        self, path: str, fields: Mapping[str, str] | None, headers: Mapping[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        try:
            answer = self._pool.request(
                "GET", f"{self._base_url}{path}", fields=dict(fields or {}), preload_content=False,
                headers={**self._pool.headers, **(headers or {})},
            )  # fmt: skip
        except urllib3.exceptions.HTTPError as failure:
            raise _silent(failure) from None
        if answer.status in (400, 401, 403, 404):
            answer.release_conn()
            raise SourceRefuses(f"the source answers {answer.status}")
        if answer.status not in (200, 304):
            answer.release_conn()
            raise SourceBusy(f"the source answers {answer.status}", _seconds(answer.headers.get("Retry-After")))
        return answer


def _silent(failure: Exception) -> ProviderUnavailable:
    return ProviderUnavailable(f"the source does not answer: {type(failure).__name__}")


def _seconds(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdecimal() and len(written) < 6 else None
