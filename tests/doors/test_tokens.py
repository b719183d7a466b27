"""No bad token opens any door: not at the gateway, and not in a handler that would be reached past it."""

import importlib
import json
import os
from typing import Any

import pytest

from tests.doors.bad_tokens import BAD, EVERYBODY, Forge
from tests.doors.gateway import declared
from tests.doors.world import World
from tests.integration.conftest import ENVIRONMENTS

PROTECTED = [route.key for route in declared()[0].routes if route.trust]
HANDLERS = ("ordering.api", "payments.api", "dispatch.api", "catalog.api")


@pytest.mark.parametrize("name", BAD)
def test_no_route_lets_in_who_has(world: World, name: str) -> None:
    headers, query = BAD[name](Forge(world.gateway))
    before = world.everything()

    answers = {}
    for key in PROTECTED:
        method, path = key.split()
        asked = f"{path.replace('{', '').replace('}', '')}?{query}"
        answers[key] = world.gateway.send(method, asked, headers=[*headers, ("idempotency-key", "k")])

    let_in = {key: answer for key, answer in answers.items() if answer.status != 401}
    assert let_in == {}
    assert {answer.body for answer in answers.values()} == {b'{"message": "Unauthorized"}'}
    assert world.everything() == before


def test_the_good_token_that_they_are_made_from_is_let_in_everywhere(world: World) -> None:
    answers = {key: world.gateway.send(*key.split(), caller=EVERYBODY) for key in PROTECTED}

    assert {key for key, answer in answers.items() if answer.status in (401, 403)} == set()


CLAIMS = {"sub": "op-1", "token_use": "id", "cognito:groups": "[member pic cooperative operator]"}
# Claims as a gateway that was set up wrongly could hand them on: handlers believe ID tokens of somebody, or nobody.
UNBELIEVED: dict[str, Any] = {
    "no authorizer at all": None,
    "no claims": {},
    "an access token's": CLAIMS | {"token_use": "access"},
    "a use in capitals": CLAIMS | {"token_use": "ID"},
    "no use": {name: value for name, value in CLAIMS.items() if name != "token_use"},
    "nobody's": {name: value for name, value in CLAIMS.items() if name != "sub"},
    "a nameless one's": CLAIMS | {"sub": ""},
}
# Groups that are written strangely give no role that they do not name.
WITHOUT_ROLE = [
    "",
    "[]",
    "[ ]",
    "null",
    "true",
    "[OPERATOR]",
    "[operators]",
    '{"operator": true}',
    '["operator"]',
    "[[]]",
]


def called(handler: str, claims: Any, path: str = "/v1/me", method: str = "GET") -> dict[str, Any]:
    """Call a handler past the gateway."""
    os.environ.update(ENVIRONMENTS[f"{handler}.handler"])
    context: dict[str, Any] = {
        "requestId": "r", "timeEpoch": 1586228400000, "http": {"method": method, "path": path}, "stage": "$default",
    }  # fmt: skip
    if claims is not None:
        context["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    event = {
        "version": "2.0", "rawPath": path, "rawQueryString": "", "headers": {"idempotency-key": "k"},
        "requestContext": context, "body": None, "isBase64Encoded": False,
    }  # fmt: skip
    answer: dict[str, Any] = importlib.import_module(handler).handler(event, None)
    return answer


@pytest.mark.parametrize("name", UNBELIEVED)
def test_no_handler_believes(world: World, name: str) -> None:
    before = world.everything()
    for handler in HANDLERS:
        for route in importlib.import_module(handler).api.routes:
            if not route.public:
                answer = called(handler, UNBELIEVED[name], route.path.replace("{", "").replace("}", ""), route.method)
                assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (401, "unauthenticated"), route
    assert world.everything() == before


@pytest.mark.parametrize("groups", WITHOUT_ROLE)
def test_groups_that_name_no_role_give_none(world: World, groups: str) -> None:
    claims = CLAIMS | {"cognito:groups": groups}

    assert called("ordering.api", claims)["statusCode"] == 403
    assert called("payments.api", claims, "/v1/cash")["statusCode"] == 403
