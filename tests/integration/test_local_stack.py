"""The local stack runs what a template declares: a small one that uses everything."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from infra.local.engine import free_port

TEMPLATE = Path(__file__).parent / "local_stack" / "template.yaml"
START = "2020-04-01T00:00:00Z"


class Stack:
    """A stack in a process of its own, as `make serve` starts it."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        started = time.monotonic()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "infra.local", "--template", str(TEMPLATE), "--port", str(self.port)),
                *("--no-simulators", "--logs", str(folder), *more),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.said = [self.process.stdout.readline(), self.process.stdout.readline()]
        self.ready_after = time.monotonic() - started
        self.http = httpx.Client(base_url=self.url, timeout=60)

    def token(self, sub: str = "mem_siti", *roles: str, **more: Any) -> str:
        answer = self.http.post("/dev/tokens", json={"sub": sub, "roles": roles or ("member",), **more})
        return str(answer.json()["access_token"])

    def do(self, command: str, /, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token()}"}
        return self.http.post("/notes/x", json={"do": command, **arguments}, headers=headers)

    def note(self, key: str) -> dict[str, Any]:
        read: dict[str, Any] = self.do("read", key=key).json()
        return read

    def seen(self, key: str) -> list[str]:
        return list(self.note(key).get("seen") or [])

    def idle(self) -> dict[str, int]:
        answer = self.http.post("/dev/idle")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def now(self) -> str:
        return str(self.http.get("/dev/clock").json()["now"])

    def advance(self, seconds: float) -> httpx.Response:
        return self.http.post("/dev/clock", json={"advance_seconds": seconds})

    def stop(self) -> int:
        self.http.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("logs"), "--start", START)
    yield running
    assert running.stop() == 0


def test_it_is_ready_in_five_seconds_and_says_so(stack: Stack) -> None:
    assert stack.said[1] == f"ready {stack.url}\n"
    assert stack.ready_after < 5


def test_its_clock_starts_where_it_is_told(stack: Stack) -> None:
    assert stack.now().startswith("2020-04-01T00:0")


def test_a_request_becomes_a_gateway_event(stack: Stack) -> None:
    answer = stack.http.post(
        "/echo?a=1&a=2&b=",
        content=b"\x00\xff",
        headers=[("X-Twice", "one"), ("X-Twice", "two"), ("Cookie", "c=1; d=2"), ("Content-Type", "image/png")],
    )
    event = answer.json()["event"]
    assert event["routeKey"] == "ANY /echo"
    assert event["rawQueryString"] == "a=1&a=2&b="
    assert event["queryStringParameters"] == {"a": "1,2", "b": ""}
    assert event["headers"]["x-twice"] == "one,two"
    assert event["cookies"] == ["c=1", "d=2"]
    assert (event["body"], event["isBase64Encoded"]) == ("AP8=", True)
    assert event["requestContext"]["time"].startswith("01/Apr/2020:00:")
    assert "authorizer" not in event["requestContext"]
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_a_function_sees_the_stacks_clock_and_its_own_environment(stack: Stack) -> None:
    seen = stack.http.get("/echo").json()
    assert seen["now"].startswith("2020-04-01T00:0")
    assert seen["greeting"] == "halo dari ap-southeast-3"
    assert seen["key"].startswith("LOCAL")
    assert seen["client_context"] is None
    assert stack.do("secret").json() == {
        "api_key": "biteship_test.lumbung-local",
        "webhook_secret": "lumbung-local-biteship",
    }


def test_the_most_specific_route_answers(stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {stack.token()}"}
    command = {"do": "write", "key": "plain#route"}
    assert stack.http.post("/notes/special", json=command, headers=headers).text == "null"
    assert stack.http.post("/notes/a%20b", json=command, headers=headers).json() == {"id": "a b"}
    assert stack.http.post("/nowhere").json() == {"message": "Not Found"}
    assert stack.http.put("/notes/special").status_code == 404


def test_only_a_valid_token_passes_the_authorizer(stack: Stack) -> None:
    def status(token: str) -> int:
        command = {"do": "write", "key": "plain#token"}
        return stack.http.post("/notes/x", json=command, headers={"Authorization": f"Bearer {token}"}).status_code

    good = stack.token("mem_siti", "member", "pic", name="Siti", institution_id="ins_1", phone="+62811")
    claims = jwt.decode(good, options={"verify_signature": False})
    forged = jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": jwt.get_unverified_header(good)["kid"]})
    head, body, signature = good.split(".")
    assert claims["cognito:groups"] == ["member", "pic"]
    assert claims["custom:institution_id"] == "ins_1"
    assert status(good) == 201
    assert [status(bad) for bad in ("x", "x.y.z", forged, f"{head}.{body}.{signature[:-8]}AAAAAAAA")] == [401] * 4
    assert status(stack.token(expires_in=0)) == 401
    key = jwt.PyJWKSet.from_dict(stack.http.get("/.well-known/jwks.json").json()).keys[0]
    assert jwt.decode(good, key, audience=claims["aud"], options={"verify_exp": False}) == claims


def test_what_goes_wrong_in_a_function_is_the_gateways_500(stack: Stack) -> None:
    for wrong in ("raise", "crash", "hang"):
        answer = stack.http.get(f"/echo?do={wrong}")
        assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"}), wrong
    assert stack.http.get("/echo?do=bare").json() == {"no": "status"}
    assert stack.http.get("/echo").status_code == 200


def test_a_body_that_is_too_long_is_refused(stack: Stack) -> None:
    assert stack.http.post("/echo", content=b"x" * 2_000_000).status_code in (200, 413)
    assert stack.http.post("/echo", content=b"x" * 7_000_000).status_code == 413
    assert stack.http.post("/echo", content=b"x" * 11_000_000).status_code == 413


def test_browsers_are_told_what_the_template_allows(stack: Stack) -> None:
    asked = {"Origin": "https://toko.example", "Access-Control-Request-Method": "POST"}
    preflight = stack.http.options("/notes/x", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == "authorization,content-type"
    other = stack.http.get("/nowhere", headers={"Origin": "https://other.example"})
    assert "access-control-allow-origin" not in other.headers


def test_stream_records_arrive_in_order_filtered_and_once(stack: Stack) -> None:
    for number in range(30):
        stack.do("write", key=f"note#{number}")
    stack.do("write", key="other#1")
    assert stack.idle()["processed"] >= 31

    seen = [line.split() for line in stack.seen("seen#stream")]
    assert [line[:3] for line in seen] == [["INSERT", f"note#{number}", "us"] for number in range(30)]
    assert all(1585699200 <= int(line[3]) <= 1585699200 + 600 for line in seen)


def test_a_record_that_cannot_be_taken_is_set_aside_and_holds_up_nothing(stack: Stack) -> None:
    before = stack.idle()["dead_letters"]
    stack.do("write", key="note#poison")
    stack.do("write", key="note#after")
    assert stack.idle()["dead_letters"] == before + 1

    keys = [line.split()[1] for line in stack.seen("seen#stream")]
    assert keys.count("note#poison") in (3, 4)  # cutting a batch in two is no retry
    assert keys[-1] == "note#after"


def test_messages_are_taken_tried_again_and_given_up(stack: Stack) -> None:
    before = stack.idle()["dead_letters"]
    stack.do("send", bodies=["fine", "flaky", "poison"])
    assert stack.idle()["dead_letters"] == before + 1

    seen = [line.split() for line in stack.seen("seen#queue")]
    tries = {body: sum(line[0] == body for line in seen) for body in ("fine", "flaky", "poison")}
    assert tries == {"fine": 1, "flaky": 2, "poison": 3}
    assert all(line[1].startswith("sent=15856") for line in seen)


def test_a_delay_counts_on_the_stacks_clock(stack: Stack) -> None:
    stack.do("send", bodies=["later"], delay=600)
    stack.idle()
    assert not any(line.startswith("later") for line in stack.seen("seen#queue"))
    stack.advance(590)
    assert not any(line.startswith("later") for line in stack.seen("seen#queue"))
    stack.advance(20)
    assert sum(line.startswith("later") for line in stack.seen("seen#queue")) == 1


def test_time_to_live_counts_on_the_stacks_clock(stack: Stack) -> None:
    stack.do("expiring", key="note#brief", **{"in": 3600})
    stack.advance(3500)
    assert stack.note("note#brief")
    stack.advance(12 * 3600)
    assert not stack.note("note#brief")
    assert any("REMOVE note#brief dynamodb.amazonaws.com" in line for line in stack.seen("seen#stream"))


def test_a_moved_clock_fires_what_falls_due_at_its_own_time(stack: Stack) -> None:
    assert stack.http.post("/dev/clock", json={"now": "2020-04-02T12:00:30Z"}).json()["now"][:16] == "2020-04-02T12:00"
    daily = stack.seen("fired#day")
    assert daily[-1].startswith("2020-04-01T23:00:00Z at 2020-04-01T23:00:00")
    often = stack.seen("fired#minute")
    assert often[-1].startswith("2020-04-02T12:00:00Z")
    assert [line[:16] for line in often[-3:]] == ["2020-04-02T11:30", "2020-04-02T11:45", "2020-04-02T12:00"]
    assert stack.http.post("/dev/clock", json={"now": "2020-04-02T12:00:00Z"}).status_code == 422
    assert stack.advance(-1).status_code == 422
    assert stack.http.post("/dev/clock", json={"now": "later"}).status_code == 422


def test_each_request_is_metered_as_dynamodb_bills(stack: Stack) -> None:
    since = stack.now()
    stack.do("transact", items=3)
    stack.do("read", key="transacted#0")
    written, read = stack.http.get("/dev/requests", params={"since": since}).json()["items"]
    assert written["route"] == "POST /notes/{id}"
    assert (written["dynamodb_calls"], written["write_units"]) == (1, 3 * 2 + 3)
    assert (read["dynamodb_calls"], read["read_units"], read["write_units"]) == (1, 1.0, 0.0)
    stack.do("write", key="plain#long", texts={"text": "x" * 5000})
    stack.do("read", key="plain#long")
    written, read = stack.http.get("/dev/requests").json()["items"][-2:]
    assert (written["write_units"], read["read_units"]) == (5.0, 2.0)
    echoed = stack.http.get("/echo")
    last = stack.http.get("/dev/requests").json()["items"][-1]
    assert last["request_id"] == echoed.headers["x-request-id"]


def test_many_callers_at_once_are_all_answered(stack: Stack) -> None:
    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda _: stack.http.get("/echo").status_code, range(200)))
    assert answers == [200] * 200


def test_a_taken_port_is_said_plainly(stack: Stack) -> None:
    command = [sys.executable, "-m", "infra.local", "--template", str(TEMPLATE), "--port", str(stack.port)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert second.stderr == f"port {stack.port} is taken; PORT= chooses another\n"


def test_data_survives_a_clean_stop_and_the_clock_never_goes_back(tmp_path: Path) -> None:
    first = Stack(tmp_path, "--start", START, "--data", str(tmp_path / "data"))
    first.do("write", key="note#kept", texts={"text": "still here"})
    first.do("send", bodies=["delayed"], delay=900)
    first.advance(86_400 - 600)
    token = first.token()
    first.do("send", bodies=["held"], delay=900)
    left_at = first.now()
    assert first.stop() == 0

    second = Stack(tmp_path, "--start", START, "--data", str(tmp_path / "data"))
    try:
        assert second.now() >= left_at
        assert second.note("note#kept")["text"] == "still here"
        assert any("note#kept" in line for line in second.seen("seen#stream"))
        command = {"do": "write", "key": "plain#2"}
        headers = {"Authorization": f"Bearer {token}"}
        assert second.http.post("/notes/x", json=command, headers=headers).status_code == 201
        assert not any(line.startswith("held") for line in second.seen("seen#queue"))
        second.advance(1000)
        lines = [line.split()[0] for line in second.seen("seen#queue")]
        assert (lines.count("delayed"), lines.count("held")) == (1, 1)
    finally:
        second.stop()
