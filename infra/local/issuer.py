"""The local identity provider: keys, ID tokens, and their verification by the stack's clock."""

import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_LIFE = timedelta(days=90)
_CACHED = 10_000


class TokenRefused(ValueError):
    """The bearer token does not prove its caller."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens an authorizer accepts."""

    issuer: str
    audience: tuple[str, ...]


class Issuer:
    """Signs as the template's user pool would: RS256, with exactly the issuer and audience it declares."""

    def __init__(self, trust: Trust, kept_in: Path | None = None) -> None:
        self.trust = trust
        self._key = _key(kept_in)
        self._kid = uuid.uuid5(uuid.NAMESPACE_URL, str(self._public()["n"])).hex
        self._verified: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def token(
        self,
        *,
        sub: str,
        roles: Sequence[str],
        now: datetime,
        lives: timedelta | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> str:
        """Return an ID token for *sub*, valid from *now* on."""
        issued = int(now.timestamp())
        claims = {
            "sub": sub,
            "cognito:username": sub,
            "cognito:groups": list(roles),
            "token_use": "id",
            "iss": self.trust.issuer,
            "aud": self.trust.audience[0],
            "iat": issued,
            "auth_time": issued,
            "exp": int((now + (_LIFE if lives is None else lives)).timestamp()),
            "jti": str(uuid.uuid4()),
            **(more or {}),
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._kid})

    def verify(self, token: str, trust: Trust, now: datetime) -> dict[str, Any]:
        """Return the claims of *token*; TokenRefused unless it is an ID token of *trust*, valid at *now*."""
        claims = self._verified.get(token) or self._read(token)
        self._verified[token] = claims
        if len(self._verified) > _CACHED:
            self._verified.popitem(last=False)
        _check(claims, trust, now.timestamp())
        return claims

    def jwks(self) -> dict[str, Any]:
        """Return the public keys as a JSON Web Key Set."""
        return {"keys": [{**self._public(), "kid": self._kid, "use": "sig", "alg": "RS256"}]}

    def _read(self, token: str) -> dict[str, Any]:
        """Return the claims if the signature is right; what they say is checked elsewhere, by the stack's clock."""
        unchecked = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
        try:
            if jwt.get_unverified_header(token).get("kid") != self._kid:
                raise TokenRefused("unknown key")
            return jwt.decode(token, self._key.public_key(), algorithms=["RS256"], options=unchecked)  # type: ignore[arg-type]
        except jwt.PyJWTError as error:
            raise TokenRefused(str(error)) from error

    def _public(self) -> dict[str, Any]:
        return jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)


def _check(claims: Mapping[str, Any], trust: Trust, now: float) -> None:
    audience = claims.get("aud") or claims.get("client_id")
    if claims.get("iss") != trust.issuer:
        raise TokenRefused("another issuer")
    if not any(known in (audience if isinstance(audience, list) else [audience]) for known in trust.audience):
        raise TokenRefused("another audience")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise TokenRefused("nobody's")
    if claims.get("token_use") != "id":
        raise TokenRefused("not an ID token")
    if not isinstance(claims.get("exp"), (int, float)) or claims["exp"] <= now:
        raise TokenRefused("the token has expired")
    begins = (claims.get("nbf", 0), claims.get("iat", 0))
    if not all(isinstance(moment, (int, float)) for moment in begins) or begins[0] > now or begins[1] > now + 1:
        raise TokenRefused("the token is not valid yet")


def _key(kept_in: Path | None) -> rsa.RSAPrivateKey:
    """Return the signing key: the kept one where the stack remembers, a new one otherwise."""
    if kept_in and kept_in.exists():
        kept = serialization.load_pem_private_key(kept_in.read_bytes(), password=None)
        if not isinstance(kept, rsa.RSAPrivateKey):
            raise TypeError(f"{kept_in} holds no RSA key")
        return kept
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kept_in:
        kept_in.touch(mode=0o600)
        kept_in.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return key
