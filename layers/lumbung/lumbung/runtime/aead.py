"""AES-256-GCM, loaded when somebody's data is first touched: a function that touches nobody's starts without it."""

import os
from functools import cache
from typing import Any

KEY_BYTES, _NONCE_BYTES = 32, 12


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def encrypt(key: bytes, plain: bytes, about: bytes) -> bytes:
    """Return a fresh nonce and the ciphertext with its tag; *about* is bound to it and must be told to read it."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed: bytes = _cipher()(key).encrypt(nonce, plain, about)
    return nonce + sealed


def decrypt(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """Return what was encrypted; raises when it was changed, or moved to where something else is said."""
    plain: bytes = _cipher()(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)
    return plain


@cache
def _cipher() -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM
