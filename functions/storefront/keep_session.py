"""Signing in, staying signed in and signing out, for a web client that may not see what renews its tokens.

The client keeps an ID token in memory alone. What gets it a new one is in a cookie that no script reads and that only
`/session` is sent; between leaving for the sign-in and coming back, a second cookie keeps the flow's secrets.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, unquote

from lumbung.domain.errors import Unauthenticated

SESSION, FLOW = "lumbung-session", "lumbung-flow"
_FLOW_LASTS, _SESSION_LASTS = 10 * 60, 30 * 24 * 3600


class Tokens(Protocol):
    @property
    def id_token(self) -> str: ...
    @property
    def expires_in(self) -> int: ...
    @property
    def refresh_token(self) -> str | None: ...


class UserPool(Protocol):
    def sign_in_url(self, state: str, verifier: str) -> str: ...
    def sign_out_url(self) -> str: ...
    def redeem(self, code: str, verifier: str) -> Tokens: ...
    def renew(self, refresh_token: str) -> Tokens: ...
    def revoke(self, refresh_token: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the browser goes next, and the cookies that it takes along."""

    to: str
    cookies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renewed:
    """An ID token for the client's memory; *cookies* where the pool rotates what renews it."""

    id_token: str
    expires_in: int
    cookies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jar:
    """Cookies of `/session`; over plain HTTP (a machine of one's own) a browser would refuse secure ones."""

    secure: bool

    def flow(self, value: str, lasts: int = _FLOW_LASTS) -> str:
        # Lax: the way back from the sign-in begins at another site
        return self._cookie(FLOW, value, lasts, "Lax")

    def session(self, value: str, lasts: int = _SESSION_LASTS) -> str:
        return self._cookie(SESSION, value, lasts, "Strict")

    def _cookie(self, name: str, value: str, lasts: int, same_site: str) -> str:
        secure = "; Secure" if self.secure else ""
        return f"{name}={value}; Path=/session; Max-Age={lasts}; HttpOnly; SameSite={same_site}{secure}"


def start(pool: UserPool, jar: Jar, back_to: str) -> Moved:
    """Send the browser to the sign-in; it shall see *back_to*, a path of ours, once it is back."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    flow = quote(json.dumps([state, verifier, own_path(back_to)]), safe="")
    return Moved(pool.sign_in_url(state, verifier), (jar.flow(flow),))


def come_back(pool: UserPool, jar: Jar, cookies: Mapping[str, str], query: Mapping[str, str]) -> Moved:
    """Redeem the code and keep what renews it; Unauthenticated where it is not an answer to our own question."""
    state, verifier, back_to = _flow(cookies)
    if "error" in query:  # the person changed their mind
        return Moved(back_to, (jar.flow("", 0),))
    if not secrets.compare_digest(query.get("state", "").encode(), state.encode()):
        raise Unauthenticated("Proses masuk ini bukan dimulai dari sini. Silakan masuk lagi.")
    tokens = pool.redeem(query.get("code", ""), verifier)
    return Moved(back_to, (jar.flow("", 0), jar.session(tokens.refresh_token or "")))


def renew(pool: UserPool, jar: Jar, cookies: Mapping[str, str]) -> Renewed:
    """Return a fresh ID token; Unauthenticated where nobody is signed in, or no longer."""
    if not (kept := cookies.get(SESSION)):
        raise Unauthenticated("Anda belum masuk.")
    tokens = pool.renew(kept)
    rotated = (jar.session(tokens.refresh_token),) if tokens.refresh_token else ()
    return Renewed(tokens.id_token, tokens.expires_in, rotated)


def end(pool: UserPool, jar: Jar, cookies: Mapping[str, str]) -> Moved:
    """Sign out here and at the pool."""
    if kept := cookies.get(SESSION):
        pool.revoke(kept)
    return Moved(pool.sign_out_url(), (jar.session("", 0),))


def own_path(path: str) -> str:
    """Return *path* if it is one of ours, else the front page: nobody is sent to another site from here.

    /gelombang/wav_1   itself        //evil.example     /
    https://evil.example   /         /\\\\evil.example   /
    """
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


def _flow(cookies: Mapping[str, str]) -> tuple[str, str, str]:
    try:
        state, verifier, back_to = json.loads(unquote(cookies.get(FLOW, "")))
    except ValueError:
        raise Unauthenticated("Proses masuk sudah terlalu lama. Silakan masuk lagi.") from None
    return str(state), str(verifier), own_path(str(back_to))
