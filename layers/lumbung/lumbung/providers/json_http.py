"""A payment provider asked in JSON over HTTP; whatever is no answer is ProviderUnavailable."""

import json
import re
from collections.abc import Mapping
from typing import Any

import urllib3

from lumbung.domain.errors import ProviderUnavailable

_TIMEOUT = urllib3.Timeout(connect=2, read=4)  # several calls have to fit into one request of ours
_RUPIAH = re.compile(r"([0-9]{1,12})(?:\.0{1,2})?")


class JsonHttp:
    """*who*: its name for people; *key*: the user of HTTP Basic, without a password."""

    def __init__(self, who: str, base_url: str, key: str, http: urllib3.PoolManager | None = None) -> None:
        self._who, self._base = who, base_url.rstrip("/")
        self._http = http or urllib3.PoolManager(timeout=_TIMEOUT, retries=False)
        self._headers = {
            **urllib3.make_headers(basic_auth=f"{key}:"),
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """Return the HTTP status below 500, and the body; numbers with a point stay the text they came as."""
        try:
            response = self._http.request(
                method,
                self._base + path,
                headers={**self._headers, **(headers or {})},
                body=json.dumps(body) if body is not None else None,
            )
            answer = json.loads(response.data, parse_float=str)
        except (urllib3.exceptions.HTTPError, ValueError) as failure:
            raise ProviderUnavailable(f"{self._who} tidak menjawab ({type(failure).__name__}).") from None
        if response.status >= 500:
            raise ProviderUnavailable(f"{self._who} sedang terganggu ({response.status}).")
        return response.status, answer


def read_idr(value: Any) -> int:
    """Return whole rupiah; ProviderUnavailable for anything that is not exactly that.

    "265000.00"  265000    265000  265000    "265000.50"  refused    "2.65e5"  refused
    """
    match = _RUPIAH.fullmatch(str(value))
    if isinstance(value, bool) or not match:
        raise ProviderUnavailable("Penyedia menjawab jumlah yang tidak dapat dibaca.")
    return int(match.group(1))
