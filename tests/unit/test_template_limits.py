"""What the template lets in, and how much of it at once: routes, concurrency, stages, the closed endpoint."""

import re
from pathlib import Path
from typing import Any

import pytest

from infra.interface import WEBHOOKS, operations
from infra.local.template import expanded

ROOT = Path(__file__).parents[2]
STAGES = ("dev", "staging", "prod")
ACCOUNT, UNRESERVED = 1_000, 100  # what runs at once in an account, and what AWS keeps for those that reserve none
MOST_A_SECOND = 10_000  # requests of an account's HTTP APIs, until AWS grants more
ORDERS_A_SECOND = 2_000  # the opening of a national wave, infra/decisions.md
SLOW = 50  # requests a second of what makes a courier, a source or a file work


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return expanded(ROOT / "template.yaml", {})


@pytest.fixture(scope="module")
def stage(template: dict[str, Any]) -> dict[str, Any]:
    [stage] = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::ApiGatewayV2::Stage"]
    return stage


def test_a_limit_is_set_on_routes_that_are_there(template, stage):
    paths = template["Resources"]["Api"]["Properties"]["Body"]["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}

    assert stage["RouteSettings"].keys() <= routes  # or the deployment fails


def test_a_route_that_nobody_named_is_small_and_the_opening_is_not(stage):
    rates = {route: limit["ThrottlingRateLimit"] for route, limit in stage["RouteSettings"].items()}

    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] <= 200
    assert rates["POST /v1/orders"] > ORDERS_A_SECOND
    assert rates["GET /v1/waves/{wave_id}"] >= 2 * ORDERS_A_SECOND
    assert all(limit["ThrottlingBurstLimit"] <= MOST_A_SECOND // 2 for limit in stage["RouteSettings"].values())


def test_webhooks_are_wide_and_what_works_for_others_is_slow(stage):
    rates = {route: limit["ThrottlingRateLimit"] for route, limit in stage["RouteSettings"].items()}
    slow = [route for route in rates if re.search(r"quotes|imports|uploads|syncs|invitations", route)]

    assert all(rates[route] >= 1_000 for route in WEBHOOKS if route.startswith("POST"))
    assert len(slow) == 5 and all(rates[route] <= SLOW for route in slow)


def reserved(template: dict[str, Any], stage: str) -> dict[str, int]:
    """Return how many of each function that reserves may run at once."""
    sizes, found = template["Mappings"]["Stages"][stage], {}
    for name, resource in template["Resources"].items():
        share = resource.get("Properties", {}).get("ReservedConcurrentExecutions")
        if resource["Type"] == "AWS::Lambda::Function" and share:
            condition, [_, _, size] = share["Fn::If"][0], share["Fn::If"][1]["Fn::FindInMap"]
            assert condition == "Reserves"
            found[name] = sizes[size]
    return found


@pytest.mark.parametrize("stage_name", STAGES)
def test_what_functions_reserve_leaves_an_account_what_it_must(template, stage_name):
    shares = reserved(template, stage_name)

    assert sum(shares.values()) <= ACCOUNT - UNRESERVED


def test_an_opening_cannot_take_the_webhooks_places_nor_webhooks_the_opening_s(template):
    shares = reserved(template, "prod")
    integrations = template["Resources"]["Api"]["Properties"]["Body"]["components"]["x-amazon-apigateway-integrations"]
    told = {re.findall(r"\$\{(\w+)\.Arn\}", integrations[name]["uri"]["Fn::Sub"])[0] for name in WEBHOOKS.values()}

    assert told <= shares.keys()
    assert shares["OrderingApi"] >= 2 * ORDERS_A_SECOND // 10  # twice what a tenth of a second an order takes
    assert shares["OrderingApi"] + sum(shares[name] for name in told) <= ACCOUNT - UNRESERVED


def test_the_access_log_tells_no_token_address_path_query_or_body(stage):
    said = set(re.findall(r"\$context\.([\w.]+)", stage["AccessLogSettings"]["Format"]))

    assert said == {
        "requestTime", "requestId", "routeKey", "status", "protocol", "responseLength", "responseLatency",
        "integrationLatency", "integrationStatus", "authorizer.error", "error.responseType",
    }  # fmt: skip
    assert stage["AccessLogSettings"]["DestinationArn"] == {"Fn::GetAtt": ["AccessLog", "Arn"]}


def test_all_functions_log_where_logs_are_encrypted_and_end(template):
    resources = template["Resources"]
    functions = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::Lambda::Function"]
    groups = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::Logs::LogGroup"]

    assert {str(f["LoggingConfig"]) for f in functions} == {"{'LogFormat': 'JSON', 'LogGroup': {'Ref': 'Logs'}}"}
    assert all(group["KmsKeyId"] == {"Fn::GetAtt": ["LogsKey", "Arn"]} for group in groups)
    assert all(group["RetentionInDays"]["Fn::FindInMap"][2] == "LogDays" for group in groups)
    assert [template["Mappings"]["Stages"][name]["LogDays"] for name in STAGES] == [14, 30, 90]


def test_with_a_domain_the_default_endpoint_is_closed_and_beyond_dev_there_is_one(template):
    [server] = template["Resources"]["Api"]["Properties"]["Body"]["servers"]
    [rule] = template["Rules"].values()

    asked = {assertion["Assert"]["Fn::Not"][0]["Fn::Equals"][0]["Ref"] for assertion in rule["Assertions"]}

    closed = {"disableExecuteApiEndpoint": {"Fn::If": ["HasDomain", True, False]}}
    assert server["x-amazon-apigateway-endpoint-configuration"] == closed
    assert rule["RuleCondition"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "dev"]}]}
    assert asked == {"OriginDomain", "OriginCertificate", "OriginDigests", "AlarmEmail"}


def test_tables_and_the_user_pool_cannot_be_deleted_in_prod(template):
    tables = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::DynamoDB::Table"]
    pool = template["Resources"]["People"]["Properties"]

    assert all(table["DeletionProtectionEnabled"] in (True, {"Fn::If": ["InProd", True, False]}) for table in tables)
    assert pool["DeletionProtection"] == {"Fn::If": ["InProd", "ACTIVE", "INACTIVE"]}


def test_the_edge_keeps_public_reads_and_nothing_that_is_for_one_caller():
    edge = expanded(ROOT / "infra" / "edge.yaml", {})["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    patterns = [behaviour["PathPattern"].replace("*", ".*") for behaviour in edge["CacheBehaviors"]]
    kept = [operation for operation in operations() if operation.route and operation.route.cache_s is not None]

    assert all(operation.public and operation.method == "GET" for operation in kept)  # all else says no-store
    assert all(any(re.fullmatch(pattern, operation.path) for pattern in patterns) for operation in kept)
