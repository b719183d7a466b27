"""Requests as payload 2.0 events, answers as HTTP."""

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local import gateway
from infra.local.gateway import Request, Response
from infra.local.routes import Api, Route, routes_of
from infra.local.runtime_api import Outcome

AT = datetime(2020, 4, 8, 9, 30, 0, 250_000, tzinfo=UTC)


def a_request(body: bytes = b"", query: str = "", headers: list[tuple[str, str]] | None = None) -> Request:
    given = headers or [("host", "api.example")]
    return Request("POST", "/v1/orders/ord_1", query, given, body, "127.0.0.1", "req_1")


def an_api(*paths: str) -> Api:
    integration = {"type": "aws_proxy", "payloadFormatVersion": "2.0", "uri": "x:function:lumbung-Api/invocations"}
    body = {"paths": {path: {"get": {"x-amazon-apigateway-integration": integration}} for path in paths}}
    return Api(routes_of(body, {}), None, None)


ROUTE = Route("POST /v1/orders/{id}", "POST", re.compile(""), (), "lumbung-Api", 30, None, ())


def an_event(request: Request, claims: dict[str, Any] | None = None) -> dict[str, Any]:
    return gateway.event(request, ROUTE, {"id": "ord_1"}, claims, AT)


def test_the_event_carries_the_stacks_time_and_the_request() -> None:
    context = an_event(a_request())["requestContext"]
    assert context["timeEpoch"] == 1586338200250
    assert context["time"] == "08/Apr/2020:09:30:00 +0000"
    assert context["requestId"] == "req_1"
    assert context["http"]["path"] == "/v1/orders/ord_1"


def test_what_comes_twice_is_joined_by_commas() -> None:
    event = an_event(a_request(query="a=1&b=&a=2", headers=[("x-a", "1"), ("x-a", "2"), ("cookie", "c=3; d=4")]))
    assert event["queryStringParameters"] == {"a": "1,2", "b": ""}
    assert event["headers"] == {"x-a": "1,2"}
    assert event["cookies"] == ["c=3", "d=4"]


def test_what_is_not_there_has_no_key() -> None:
    event = an_event(a_request())
    assert not {"body", "cookies", "queryStringParameters"} & set(event)


@pytest.mark.parametrize(
    ("kind", "body", "as_text"),
    [
        pytest.param("application/json", b'{"a": 1}', True, id="JSON is text"),
        pytest.param("application/json; charset=utf-8", b"{}", True, id="whatever its charset"),
        pytest.param("application/problem+json", b"{}", True, id="and its relatives"),
        pytest.param("application/json", b"\xff", False, id="unless it is not"),
        pytest.param("image/png", b"abc", False, id="an image is not"),
        pytest.param("application/x-www-form-urlencoded", b"a=1", False, id="nor is a form"),
    ],
)
def test_a_body_is_text_or_base64(kind: str, body: bytes, as_text: bool) -> None:
    event = an_event(a_request(body, headers=[("content-type", kind)]))
    assert event["isBase64Encoded"] is not as_text
    assert event["body"] == (body.decode() if as_text else base64.b64encode(body).decode())


def test_claims_are_texts_where_the_authorizer_puts_them() -> None:
    claims = {"sub": "mem_1", "cognito:groups": ["member", "pic"], "exp": 1586338200, "email_verified": True}
    authorizer = an_event(a_request(), claims)["requestContext"]["authorizer"]
    assert authorizer == {
        "jwt": {
            "claims": {
                "sub": "mem_1",
                "cognito:groups": "[member pic]",
                "exp": "1586338200",
                "email_verified": "true",
            },
            "scopes": None,
        }
    }


def answered(answer: Any) -> Response:
    return gateway.response(Outcome(json.dumps(answer).encode(), failed=False))


def test_an_answer_goes_back_as_it_was_given() -> None:
    body = base64.b64encode(b"\x00").decode()
    answer = answered(
        {"statusCode": 201, "headers": {"X-A": 1}, "cookies": ["c=1"], "body": body, "isBase64Encoded": True}
    )
    assert (answer.status, answer.body) == (201, b"\x00")
    assert list(answer.headers)[:2] == [("x-a", "1"), ("set-cookie", "c=1")]


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        pytest.param({"a": 1}, 200, b'{"a": 1}', id="without a status it is the body itself"),
        pytest.param("hi", 200, b"hi", id="also as a text"),
        pytest.param(None, 200, b"null", id="also when it is nothing"),
        pytest.param({"statusCode": "x"}, 500, b'{"message": "Internal Server Error"}', id="a status that is none"),
        pytest.param({"statusCode": 200, "body": 5}, 500, b'{"message": "Internal Server Error"}', id="no text"),
    ],
)
def test_an_answer_becomes(answer: Any, status: int, body: bytes) -> None:
    assert (answered(answer).status, answered(answer).body) == (status, body)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v1/waves/drafts", "GET /v1/waves/drafts"),
        ("/v1/waves/wav_1", "GET /v1/waves/{id}"),
        ("/v1/waves/wav_1/stock", "GET /v1/{proxy+}"),
        ("/elsewhere", None),
        ("/v1/waves/", "GET /v1/{proxy+}"),
    ],
)
def test_the_most_specific_route_is_found(path: str, route: str | None) -> None:
    found = an_api("/v1/{proxy+}", "/v1/waves/{id}", "/v1/waves/drafts").find("GET", path)
    assert (found[0].key if found else None) == route
