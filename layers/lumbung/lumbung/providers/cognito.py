"""The user pool's hosted sign-in: OpenID Connect's authorization code flow with PKCE (RFC 6749, RFC 7636).

Amazon Cognito, "User pool endpoints and managed login reference": `/oauth2/authorize`, `/oauth2/token`,
`/oauth2/revoke` and `/logout`. The client has no secret: what proves it is the verifier of its own challenge.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3

from lumbung.domain.errors import ProviderUnavailable, Unauthenticated

_TIMEOUT = urllib3.Timeout(connect=2, read=6)
_SCOPES = "openid profile phone email"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in is worth: an ID token for *expires_in* seconds, and what renews it where that is new."""

    id_token: str
    expires_in: int
    refresh_token: str | None


class Cognito:
    """*base_url*: the pool's own domain; *home*: the storefront's, to which people come back."""

    def __init__(self, base_url: str, client_id: str, home: str, http: urllib3.PoolManager | None = None) -> None:
        self._base, self._client, self._home = base_url.rstrip("/"), client_id, home.rstrip("/")
        self._http = http or urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    @property
    def _back(self) -> str:
        return f"{self._home}/session/return"

    def sign_in_url(self, state: str, verifier: str) -> str:
        """Return where people sign in; they come back to `/session/return` with a code and *state*."""
        asked = {
            "response_type": "code", "client_id": self._client, "redirect_uri": self._back, "scope": _SCOPES,
            "state": state, "code_challenge": challenge(verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{self._base}/oauth2/authorize?{urlencode(asked)}"

    def sign_out_url(self) -> str:
        return f"{self._base}/logout?{urlencode({'client_id': self._client, 'logout_uri': self._home + '/'})}"

    def redeem(self, code: str, verifier: str) -> Tokens:
        """Return what *code* stands for; Unauthenticated for one that is not ours, used or too old."""
        return self._tokens(grant_type="authorization_code", code=code, redirect_uri=self._back, code_verifier=verifier)

    def renew(self, refresh_token: str) -> Tokens:
        """Return a new ID token; Unauthenticated once the sign-in has ended or was revoked."""
        return self._tokens(grant_type="refresh_token", refresh_token=refresh_token)

    def revoke(self, refresh_token: str) -> None:
        """End the sign-in for good: *refresh_token* renews nothing any more."""
        self._post("/oauth2/revoke", token=refresh_token)

    def _tokens(self, **form: str) -> Tokens:
        answer = self._post("/oauth2/token", **form)
        try:
            return Tokens(answer["id_token"], int(answer["expires_in"]), answer.get("refresh_token"))
        except (KeyError, TypeError, ValueError):
            raise ProviderUnavailable("Layanan masuk menjawab sesuatu yang tidak terbaca.") from None

    def _post(self, path: str, **form: str) -> Any:
        try:
            answer = self._http.request(
                "POST", self._base + path,
                headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
                body=urlencode({"client_id": self._client, **form}),
            )  # fmt: skip
            body = json.loads(answer.data or b"{}")
        except (urllib3.exceptions.HTTPError, ValueError) as failure:
            raise ProviderUnavailable(f"Layanan masuk tidak menjawab ({type(failure).__name__}).") from None
        if answer.status == 400:  # RFC 6749, section 5.2: invalid_grant and its kin
            raise Unauthenticated("Sesi Anda sudah berakhir. Silakan masuk lagi.")
        if answer.status != 200:
            raise ProviderUnavailable(f"Layanan masuk sedang terganggu ({answer.status}).")
        return body


def challenge(verifier: str) -> str:
    """Return the S256 challenge of *verifier* (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
