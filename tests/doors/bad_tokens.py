"""Tokens that nobody may get in with, each as the headers and the query of a request: forged, borrowed, or spoilt."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from lumbung.domain.people import Caller
from lumbung.runtime import clock
from tests.doors.gateway import Gateway

ROLES = ["member", "pic", "cooperative", "operator"]
EVERYBODY = Caller("op-1", frozenset(ROLES), name="Kantor Program")
FOREIGN = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
Sent = tuple[list[tuple[str, str]], str]
Make = Callable[["Forge"], Sent]


class Forge:
    """What a forger has: a good token of an operator's, the public keys, and keys of their own."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.good = gateway.token(EVERYBODY)
        self.claims: dict[str, Any] = jwt.decode(self.good, options={"verify_signature": False})
        self.kid = jwt.get_unverified_header(self.good)["kid"]
        [self.public] = gateway.issuer.jwks()["keys"]

    def issued(self, **changes: Any) -> Sent:
        """By the trusted issuer itself, but for another use: a change to None leaves the claim out."""
        claims = {name: value for name, value in (self.claims | changes).items() if value is not None}
        return bearer(jwt.encode(claims, self._gateway.issuer._key, "RS256", headers={"kid": self.kid}))

    def signed(self, *, key: Any = FOREIGN, alg: str = "RS256", **headers: Any) -> Sent:
        """By a key of the forger's own."""
        said = {name: value for name, value in ({"kid": self.kid} | headers).items() if value is not None}
        return bearer(jwt.encode(self.claims, key, alg, headers=said))

    def unsigned(self, **header: Any) -> Sent:
        return bearer(f"{part(header)}.{part(self.claims)}.")

    def by_hand(self, header: str, signature: str | None = None) -> Sent:
        """Under the good token's signature, or another."""
        _, _, kept = self.good.split(".")
        raw = base64.urlsafe_b64encode(header.encode()).decode().rstrip("=")
        return bearer(f"{raw}.{part(self.claims)}.{kept if signature is None else signature}")

    def with_public_key(self, secret: bytes) -> Sent:
        """HS256, as if the public key were a shared secret."""
        said = f"{part({'alg': 'HS256', 'kid': self.kid, 'typ': 'JWT'})}.{part(self.claims)}"
        mac = hmac.new(secret, said.encode(), sha256).digest()
        return bearer(f"{said}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}")

    @property
    def pem(self) -> bytes:
        public: Any = jwt.PyJWK(self.public).key
        return bytes(public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))

    def moment(self, **later: float) -> int:
        return int((clock.now() + timedelta(**later)).timestamp())


def bearer(token: str) -> Sent:
    return [("authorization", f"Bearer {token}")], ""


def as_header(text: str) -> Sent:
    return [("authorization", text)], ""


def part(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def own_jwk() -> dict[str, Any]:
    return dict(jwt.algorithms.RSAAlgorithm.to_jwk(FOREIGN.public_key(), as_dict=True))


BAD: Mapping[str, Make] = {
    # none at all, or not where tokens are looked for
    "no token": lambda f: ([], ""),
    "an empty header": lambda f: as_header(""),
    "a scheme and nothing": lambda f: as_header("Bearer "),
    "another scheme": lambda f: as_header(f"Basic {f.good}"),
    "a scheme in capitals": lambda f: as_header(f"BEARER {f.good}"),
    "the scheme twice": lambda f: as_header(f"Bearer Bearer {f.good}"),
    "a tab after the scheme": lambda f: as_header(f"Bearer\t{f.good}"),
    "two spaces after the scheme": lambda f: as_header(f"Bearer  {f.good}"),
    "a space in the token": lambda f: bearer(f.good.replace(".", ". ", 1)),
    "two headers": lambda f: ([*bearer(f.good)[0], *bearer("abc")[0]], ""),
    "two good headers": lambda f: ([*bearer(f.good)[0], *bearer(f.good)[0]], ""),
    "in the query": lambda f: ([], f"access_token={f.good}&authorization=Bearer%20{f.good}"),
    "in a cookie": lambda f: ([("cookie", f"authorization=Bearer {f.good}; token={f.good}")], ""),
    "in another header": lambda f: ([("x-authorization", f"Bearer {f.good}"), ("x-amzn-oidc-data", f.good)], ""),
    # no token of ours
    "not a token": lambda f: bearer("abc"),
    "dots": lambda f: bearer(".."),
    "half a megabyte": lambda f: bearer("a" * 500_000),
    "another alphabet": lambda f: bearer("ｅｙＪ." + "ü" * 20 + ".\u202e"),
    "zero bytes": lambda f: bearer(f.good[:20] + "\0" + f.good[20:]),
    "five parts, as an encrypted one": lambda f: bearer(f.good + "..."),
    "a claim that is no object": lambda f: bearer(
        f"{f.good.split('.')[0]}.{base64.urlsafe_b64encode(b'[1]').decode()}.x"
    ),
    # without a signature
    "alg none": lambda f: f.unsigned(alg="none", typ="JWT", kid=f.kid),
    "alg None": lambda f: f.unsigned(alg="None", kid=f.kid),
    "alg nOnE": lambda f: f.unsigned(alg="nOnE", kid=f.kid),
    "no alg": lambda f: f.unsigned(kid=f.kid),
    "alg null": lambda f: f.unsigned(alg=None, kid=f.kid),
    "alg a list": lambda f: f.unsigned(alg=["RS256"], kid=f.kid),
    "the signature stripped": lambda f: bearer(f.good.rpartition(".")[0] + "."),
    "two parts": lambda f: bearer(f.good.rpartition(".")[0]),
    "the signature of other claims": lambda f: bearer(
        f"{f.good.split('.')[0]}.{part(f.claims | {'sub': 'somebody'})}.{f.good.split('.')[2]}"
    ),
    "a signature of zeros": lambda f: bearer(f.good.rpartition(".")[0] + "." + "A" * 342),
    "a signature with one byte less": lambda f: bearer(f.good[:-3]),
    "said twice: none, then RS256": lambda f: f.by_hand(f'{{"alg":"none","alg":"RS256","kid":"{f.kid}"}}', ""),
    "said twice: RS256, then none": lambda f: f.by_hand(f'{{"alg":"RS256","alg":"none","kid":"{f.kid}"}}', ""),
    # signed with what is no secret, or with another's
    "HS256 with the public key as PEM": lambda f: f.with_public_key(f.pem),
    "HS256 with the public key's number": lambda f: f.with_public_key(f.public["n"].encode()),
    "HS256 with nothing": lambda f: f.with_public_key(b""),
    "another key under the known name": lambda f: f.signed(),
    "another key under another name": lambda f: f.signed(kid="another"),
    "no key's name": lambda f: f.signed(kid=None),
    "a key's name that is a path": lambda f: f.signed(kid="../../../../dev/null"),
    "a key's name that is a question": lambda f: f.signed(kid="x' UNION SELECT 'key"),
    "a key's name that is a list": lambda f: f.by_hand('{"alg":"RS256","kid":["a"]}'),
    "a key's name that is an object": lambda f: f.by_hand('{"alg":"RS256","kid":{"a":1}}'),
    "where the forger keeps keys (jku)": lambda f: f.signed(jku="https://forger.example/jwks.json"),
    "where the forger keeps certificates (x5u)": lambda f: f.signed(x5u="https://forger.example/cert.pem"),
    "the forger's key within (jwk)": lambda f: f.signed(jwk=own_jwk()),
    "the forger's certificate within (x5c)": lambda f: f.signed(x5c=["MIIB"]),
    "a header that must be understood": lambda f: f.signed(crit=["exp2"], exp2=1),
    "RS512": lambda f: f.signed(alg="RS512"),
    "PS256": lambda f: f.signed(alg="PS256"),
    "ES256": lambda f: f.signed(key=CURVE, alg="ES256"),
    # by the issuer itself, for another use or another time
    "another issuer": lambda f: f.issued(iss="https://cognito-idp.ap-southeast-3.amazonaws.com/ap-southeast-3_another"),
    "an issuer with a stroke more": lambda f: f.issued(iss=f"{f.claims['iss']}/"),
    "another audience": lambda f: f.issued(aud="another"),
    "no audience": lambda f: f.issued(aud=None),
    "an audience of nobodies": lambda f: f.issued(aud=[{"a": 1}, ["b"], None]),
    "an access token": lambda f: f.issued(token_use="access", aud=None, client_id=f.claims["aud"]),
    "an access token with an audience": lambda f: f.issued(token_use="access"),
    "for no use": lambda f: f.issued(token_use=None),
    "expired": lambda f: f.issued(exp=f.moment(seconds=-1)),
    "expired now": lambda f: f.issued(exp=f.moment()),
    "without an end": lambda f: f.issued(exp=None),
    "an end that is a text": lambda f: f.issued(exp="2099"),
    "an end that is true": lambda f: f.issued(exp=True),
    "not valid yet": lambda f: f.issued(nbf=f.moment(minutes=5)),
    "a beginning that is a text": lambda f: f.issued(nbf="now"),
    "issued tomorrow": lambda f: f.issued(iat=f.moment(days=1)),
    "of nobody": lambda f: f.issued(sub=None),
    "of somebody who is a number": lambda f: f.issued(sub=7),
    "of somebody without a name": lambda f: f.issued(sub=""),
}
