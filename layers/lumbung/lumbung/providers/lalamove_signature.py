"""How Lalamove and its partners sign what they say to each other (protocols, section E.4)."""

import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """What Lalamove gave us to sign with."""

    id: str
    secret: str


def authorization(key: Key, timestamp_ms: str, method: str, path: str, body: str = "") -> str:
    return f"hmac {key.id}:{timestamp_ms}:{signature(key.secret, timestamp_ms, method, path, body)}"


def signature(secret: str, timestamp_ms: str, method: str, path: str, body: str = "") -> str:
    """Return the lower-case hex HMAC-SHA256 with which both sides sign; *path* as the other side sees it."""
    signed = f"{timestamp_ms}\r\n{method}\r\n{path}\r\n\r\n{body}"
    return hmac.new(secret.encode(), signed.encode("utf-8", errors="surrogatepass"), "sha256").hexdigest()
