"""Canaries: values that nobody else has, looked for in everything that a system under test lets out of its hands.

    with watched(canaries) as watch:
        act()
    assert watch.found() == []

Watched are every call to AWS (items and their index entries, queue messages, files, metrics), every line that is
logged with all that it carries, and whatever `watch.heard` is told besides (answers to others, errors). A value counts
as found in plain, URL-encoded, base64 at any offset, and as its unsalted MD5, SHA-1 or SHA-256 in hex or base64.
"""

import base64
import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from botocore.client import BaseClient

NATIONAL = "81377700142"
# The five ways in which people write one number.
PHONES = (f"+62{NATIONAL}", f"62{NATIONAL}", f"0{NATIONAL}", "0813-7770-0142", "+62 813 7770 0142")
CANARIES: Mapping[str, Sequence[str]] = {
    "name": ("Kenari Zamrud Wibisana",),
    "phone": PHONES,
    "nip": ("197107171998072007", "19710717 199807 2 007"),
    "address": ("Jalan Kenari Zamrud 77",),
    "e-mail": ("kenari.zamrud@kemenkop.go.id",),
    "token": ("eyJrZW5hcmkiOiJ6YW1ydWQifQ.kenari.zamrud",),
    "note": ("pagar zamrud di seberang kandang kenari",),
    "account": ("7700142700142",),
}
_HASHES = ("md5", "sha1", "sha256")


def forms(value: str) -> set[str]:
    """Return every text in which *value* counts as found, in small letters where letters have none of their own."""
    raw = value.encode()
    shapes = {value, quote(value), quote_plus(value)}
    for before in range(3):  # base64 of a text around it depends on where it begins
        code = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        shapes.add(code[(0, 2, 3)[before] : len(code) - (len(code) % 4 != 0) or None])
    for name in _HASHES:
        digest = hashlib.new(name, raw).digest()
        shapes |= {digest.hex(), base64.b64encode(digest).decode().rstrip("=")}
        shapes.add(base64.urlsafe_b64encode(digest).decode().rstrip("="))
    return {shape.lower() for shape in shapes}


@dataclass
class Watch:
    """What was let out, each with where."""

    canaries: Mapping[str, Sequence[str]]
    let_out: list[tuple[str, str]] = field(default_factory=list)

    def heard(self, where: str, what: Any) -> None:
        self.let_out.append((where, _text(what).lower()))

    def found(self) -> list[tuple[str, str]]:
        """Return which canary was found where."""
        looked_for = {form: name for name, values in self.canaries.items() for value in values for form in forms(value)}
        return [(name, where) for where, what in self.let_out for form, name in looked_for.items() if form in what]


class _Log(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        self._watch.heard(f"log {record.name}", [record.getMessage(), record.__dict__, self.format(record)])


@contextmanager
def watched(canaries: Mapping[str, Sequence[str]] = CANARIES) -> Iterator[Watch]:
    """Hear everything that the block's code asks of AWS and logs."""
    watch, real = Watch(canaries), BaseClient._make_api_call
    log = _Log(watch)

    def call(client: Any, operation: str, params: Any) -> Any:
        watch.heard(f"{client.meta.service_model.service_name} {operation}", _told(params))
        return real(client, operation, params)

    BaseClient._make_api_call = call  # type: ignore[method-assign]  # the one seam that all clients share
    loggers = [logging.getLogger(), logging.getLogger("lumbung")]  # Powertools' does not hand on to the root
    for logger in loggers:
        logger.addHandler(log)
    try:
        yield watch
    finally:
        BaseClient._make_api_call = real  # type: ignore[method-assign]  # as it was
        for logger in loggers:
            logger.removeHandler(log)


def _told(params: Any) -> Any:
    """Leave out the raw body of a provider's event, which may name people for 90 days: see infra/decisions.md."""
    if isinstance(params, Mapping):
        return {name: _told(value) for name, value in params.items() if name != "raw"}
    return [_told(value) for value in params] if isinstance(params, list | tuple) else params


def _text(what: Any) -> str:
    """Return *what* as text; bytes as they are and as they go over the wire."""
    if isinstance(what, bytes):
        return what.decode("latin-1") + " " + base64.b64encode(what).decode()
    if isinstance(what, Mapping):
        return " ".join(f"{_text(name)} {_text(value)}" for name, value in what.items())
    return " ".join(map(_text, what)) if isinstance(what, list | tuple | set | frozenset) else str(what)
