"""Signatures that a device verifies without a network: compact JWS with EdDSA (RFC 7515, RFC 8037).

Needs `cryptography`: only what signs for devices may import this module.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Signer:
    """*seed*: any bytes that only we know; the key follows from it."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed).digest())
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        told = {"crv": "Ed25519", "kty": "OKP", "x": _text(public)}
        self._id = _text(hashlib.sha256(_json(told)).digest())  # RFC 7638
        self.public_key = {**told, "kid": self._id, "alg": "EdDSA", "use": "sig"}

    def sign(self, said: dict[str, Any]) -> str:
        """Return *said*, signed: header.payload.signature."""
        head = _text(_json({"alg": "EdDSA", "kid": self._id, "typ": "JWT"}))
        signed = f"{head}.{_text(_json(said))}"
        return f"{signed}.{_text(self._key.sign(signed.encode()))}"


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
