"""Signing in without letting scripts see what renews it."""

import json
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

import pytest

from lumbung.domain.errors import Unauthenticated
from storefront.keep_session import FLOW, SESSION, Jar, come_back, end, own_path, renew, start

JAR = Jar(secure=True)


@dataclass
class Given:
    id_token: str
    expires_in: int
    refresh_token: str | None


@dataclass
class Pool:
    """A user pool that knows one code and one refresh token."""

    rotates: bool = False
    revoked: list[str] = field(default_factory=list)

    def sign_in_url(self, state: str, verifier: str) -> str:
        return f"https://pool.example/authorize?state={state}"

    def sign_out_url(self) -> str:
        return "https://pool.example/logout"

    def redeem(self, code: str, verifier: str) -> Given:
        if (code, verifier) != ("right", "proof"):
            raise Unauthenticated()
        return Given("id-1", 3600, "renewal-1")

    def renew(self, refresh_token: str) -> Given:
        return Given("id-2", 3600, "renewal-2" if self.rotates else None)

    def revoke(self, refresh_token: str) -> None:
        self.revoked.append(refresh_token)


def flow(state: str = "s", verifier: str = "proof", to: str = "/saya") -> dict[str, str]:
    return {FLOW: quote(json.dumps([state, verifier, to]))}


def test_whoever_leaves_to_sign_in_takes_the_flow_along_where_no_script_sees_it():
    moved = start(Pool(), JAR, "/gelombang/wav_1")

    [cookie] = moved.cookies
    state, verifier, to = json.loads(unquote(cookie.split(";")[0].partition("=")[2]))
    assert moved.to.endswith(f"state={state}") and len(verifier) >= 43 and to == "/gelombang/wav_1"
    assert cookie.endswith("; Path=/session; Max-Age=600; HttpOnly; SameSite=Lax; Secure")


def test_whoever_comes_back_with_the_code_is_signed_in_and_where_they_were():
    moved = come_back(Pool(), JAR, flow(), {"code": "right", "state": "s"})

    assert moved.to == "/saya"
    assert moved.cookies[0].startswith(f"{FLOW}=; Path=/session; Max-Age=0;")
    assert (
        moved.cookies[1].startswith(f"{SESSION}=renewal-1;") and "HttpOnly; SameSite=Strict; Secure" in moved.cookies[1]
    )


@pytest.mark.parametrize(
    ("cookies", "query"),
    [
        pytest.param(flow(), {"code": "right", "state": "another"}, id="another state"),
        pytest.param(flow(), {"code": "right"}, id="no state"),
        pytest.param({}, {"code": "right", "state": "s"}, id="no flow of ours"),
        pytest.param({FLOW: "garbage"}, {"code": "right", "state": "s"}, id="a flow that cannot be read"),
        pytest.param(flow(verifier="another"), {"code": "right", "state": "s"}, id="another verifier"),
    ],
)
def test_a_code_that_is_no_answer_to_our_question_signs_nobody_in(cookies, query):
    with pytest.raises(Unauthenticated):
        come_back(Pool(), JAR, cookies, query)


def test_whoever_changes_their_mind_is_back_where_they_were():
    assert come_back(Pool(), JAR, flow(), {"error": "access_denied"}).to == "/saya"


@pytest.mark.parametrize(("rotates", "cookies"), [(False, 0), (True, 1)])
def test_a_session_is_renewed_and_its_cookie_replaced_only_where_the_pool_rotates(rotates, cookies):
    renewed = renew(Pool(rotates), JAR, {SESSION: "renewal-1"})

    assert (renewed.id_token, renewed.expires_in, len(renewed.cookies)) == ("id-2", 3600, cookies)


def test_nobody_is_renewed_without_a_session():
    with pytest.raises(Unauthenticated):
        renew(Pool(), JAR, {})


def test_signing_out_ends_it_here_and_at_the_pool():
    pool = Pool()
    moved = end(pool, JAR, {SESSION: "renewal-1"})

    assert (pool.revoked, moved.to) == (["renewal-1"], "https://pool.example/logout")
    assert moved.cookies[0].startswith(f"{SESSION}=; Path=/session; Max-Age=0;")


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nSet-Cookie: x"]
)
def test_nobody_is_sent_to_another_site(path):
    assert own_path(path) == "/"
