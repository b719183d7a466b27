"""How a bank proves itself (SNAP, protocols C.2 and C.3): a token that we gave it, and a signature with a secret.

The body is signed without its insignificant whitespace, its order and its numbers as they were sent. Bank
Indonesia's own samples write signatures in hex, the banks use base64: it is a setting of each bank.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

TOKEN_LIVES = timedelta(seconds=900)
_STRING_OR_SPACE = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', re.DOTALL)


def minify(raw: bytes) -> bytes:
    """Return *raw* without the whitespace between its parts; strings stay as they are."""
    return _STRING_OR_SPACE.sub(lambda found: found.group(1) or b"", raw)


def string_to_sign(method: str, path: str, token: str, raw: bytes, timestamp: str) -> str:
    """*path*: what the bank called, with its query."""
    return f"{method}:{path}:{token}:{hashlib.sha256(minify(raw)).hexdigest()}:{timestamp}"


def sign(text: str, secret: str, encoding: str) -> str:
    """Return HMAC-SHA512 of *text*; *encoding*: base64 or hex."""
    digest = hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha512)
    return base64.b64encode(digest.digest()).decode() if encoding == "base64" else digest.hexdigest()


def is_signed(texts: Sequence[str], signature: str, secrets: Sequence[str], encoding: str) -> bool:
    """Whether *signature* is one of *secrets*' over one of *texts*; all are tried, so that the time tells nothing."""
    given = signature.encode("utf-8", "replace")
    good = [
        hmac.compare_digest(given, sign(text, secret, encoding).encode())
        for text in texts
        for secret in secrets
        if secret
    ]
    return any(good)


def issue_token(client: str, secret: str, *, now: datetime) -> str:
    """Return a token that says who holds it and until when; nobody else can make one, and none is stored."""
    said = json.dumps([client, int((now + TOKEN_LIVES).timestamp())]).encode()
    return f"{_text(said)}.{_text(_seal(said, secret))}"


def holder(token: str, secrets: Sequence[str], *, now: datetime) -> str | None:
    """Return the client that holds *token*; None when we did not give it out, or it has expired."""
    said, _, seal = token.partition(".")
    try:
        raw = base64.urlsafe_b64decode(said.encode("ascii", "replace") + b"=" * (-len(said) % 4))
    except ValueError:
        return None
    given = seal.encode("utf-8", "replace")
    genuine = [hmac.compare_digest(given, _text(_seal(raw, secret)).encode()) for secret in secrets if secret]
    if not any(genuine) or _text(raw) != said:
        return None
    client, until = json.loads(raw)
    return str(client) if now.timestamp() < until else None


def _seal(said: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"snap-token:" + said, hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
