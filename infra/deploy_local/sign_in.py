"""Signing in at the user pool as the web client does: SRP, the only password flow that its client allows.

Secure Remote Password with RFC 5054's 3072-bit group; what is particular to Cognito (the key's label, the
message that is signed) is as in AWS' own client libraries.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from lumbung.runtime import clock

_N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
_G = 2


def sign_in(cognito: Any, *, pool: str, client: str, user: str, password: str) -> str:
    """Return the ID token that the pool gives *user*."""
    secret = secrets.randbelow(_N - 2) + 1
    public = pow(_G, secret, _N)
    challenge = cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": user, "SRP_A": format(public, "x")},
    )["ChallengeParameters"]
    answer = cognito.respond_to_auth_challenge(
        ClientId=client,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=_proof(challenge, pool.split("_", 1)[1], password, secret, public),
    )
    return str(answer["AuthenticationResult"]["IdToken"])


def _proof(challenge: dict[str, str], pool_name: str, password: str, secret: int, public: int) -> dict[str, str]:
    user, theirs = challenge["USER_ID_FOR_SRP"], int(challenge["SRP_B"], 16)
    salt = _padded(int(challenge["SALT"], 16))
    identity = hashlib.sha256(f"{pool_name}{user}:{password}".encode()).digest()
    u, x, k = _hash(_padded(public), _padded(theirs)), _hash(salt, identity), _hash(_padded(_N), _padded(_G))
    shared = pow(theirs - k * pow(_G, x, _N), secret + u * x, _N)
    extracted = hmac.digest(_padded(u), _padded(shared), "sha256")
    key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
    stamp = clock.now().strftime("%a %b %-d %H:%M:%S UTC %Y")
    message = f"{pool_name}{user}".encode() + base64.b64decode(challenge["SECRET_BLOCK"]) + stamp.encode()
    return {
        "USERNAME": user,
        "TIMESTAMP": stamp,
        "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, message, "sha256")).decode(),
    }


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


def _padded(number: int) -> bytes:
    """Big-endian, with a zero byte before a leading one bit."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
