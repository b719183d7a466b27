"""The bank's signature on its request for a token: RSA over who it is and when (SNAP, protocols C.2).

The one place that needs `cryptography`: nothing else that starts often may import this module.
"""

import base64
import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

_ARMOUR = re.compile(r"-----[^-]+-----|\s")


def is_signed(text: str, signature: str, public_keys: Sequence[str]) -> bool:
    """Whether *signature* (base64) is SHA256withRSA (PKCS#1 v1.5) over *text* by one of *public_keys*.

    A key is X.509, as PEM or as the bare base64 that banks send. A signature can be written in one way only.
    """
    try:
        given = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    if base64.b64encode(given).decode() != signature:
        return False
    said = text.encode("utf-8", "replace")
    return any(_verifies(public_key, given, said) for public_key in public_keys)


def _verifies(public_key: str, signature: bytes, text: bytes) -> bool:
    key = load_der_public_key(base64.b64decode(_ARMOUR.sub("", public_key)))
    if not isinstance(key, RSAPublicKey):
        raise TypeError("the bank's key is not an RSA key")
    try:
        key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
