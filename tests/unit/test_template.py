"""What template.yaml promises, read from what SAM makes of it: rights, queues, routes, tables."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.build.planner_requirements import DRAWS, without_drawing
from infra.build.prune import SERVICES
from infra.local.template import expanded
from lumbung.domain.reminder import LOOK_EVERY
from lumbung.domain.telling import LEASE

ROOT = Path(__file__).parents[2]
KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}  # the account's own, with a policy of ours

# Actions that know no resource, with the reason.
WITHOUT_RESOURCE = {"dynamodb:ListStreams": "lists the streams of all tables; AWS offers nothing narrower"}
# What anybody may call, and machines that prove themselves otherwise.
PUBLIC = {
    "GET /",  # the storefront's files, and the session that its scripts may not keep
    "GET /{proxy+}",
    "GET /session/return",
    "GET /session/start",
    "POST /session/end",
    "POST /session/renewal",
    "GET /v1/catalog/products",
    "GET /v1/catalog/products/{product_id}",
    "GET /v1/feeds/lkpp/products",  # proves itself by a secret in the address, as the e-catalogue does
    "GET /v1/feeds/lkpp/products/{no_produk_penyedia}",
    "GET /v1/feeds/ocds/waves/{wave_id}",
    "GET /v1/feeds/peppol/{cooperative_id}",
    "GET /v1/cooperatives",
    "GET /v1/cooperatives/{cooperative_id}",
    "GET /v1/dropoffs",
    "GET /v1/dropoffs/{dropoff_id}",
    "GET /v1/institutions",
    "GET /v1/openapi.json",
    "GET /v1/rides/{token}",  # a rider's page: proves itself by the seal in the address
    "POST /v1/rides/{token}/{trip_id}",
    "GET /v1/villages/{code}",
    "GET /v1/waves",
    "GET /v1/waves/{wave_id}",
    "POST /v1/webhooks/couriers/biteship",
    "GET /v1/webhooks/couriers/lalamove",  # empty probes, when the address is registered
    "POST /v1/webhooks/couriers/lalamove",
    "POST /v1/webhooks/couriers/grab",
    "POST /v1/webhooks/couriers/gosend/{secret}",  # GoSend signs nothing: the address is the secret
    "POST /v1/webhooks/payments/midtrans",
    "POST /v1/webhooks/payments/snap/v1.0/access-token/b2b",
    "POST /v1/webhooks/payments/snap/v1.0/transfer-va/inquiry",
    "POST /v1/webhooks/payments/snap/v1.0/transfer-va/payment",
    "POST /v1/webhooks/payments/xendit",
}


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    return dict(expanded(ROOT / "template.yaml", {})["Resources"])


def of(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    found = {name: r["Properties"] for name, r in resources.items() if r["Type"] == kind}
    assert found, f"there is no {kind}"
    return found


def statements(resources: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, role in of(resources, "AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement
    for name, policy in of(resources, "AWS::IAM::ManagedPolicy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_function_has_a_role_of_its_own(resources):
    roles = {name: f["Role"]["Fn::GetAtt"][0] for name, f in of(resources, "AWS::Lambda::Function").items()}

    assert roles == {name: f"{name}Role" for name in roles}


def test_sam_adds_no_role_and_no_managed_policy_of_its_own(resources):
    declared = re.findall(r"^  (\w+):\n    Type: AWS::IAM::Role", (ROOT / "template.yaml").read_text(), re.MULTILINE)
    roles = of(resources, "AWS::IAM::Role")

    assert sorted(roles) == sorted(declared)
    attached = [arn for role in roles.values() for arn in role.get("ManagedPolicyArns", [])]
    assert {json.dumps(arn) for arn in attached} == {'{"Ref": "WriteLogs"}', '{"Ref": "KeepLedger"}'}


def test_no_right_is_wider_than_its_purpose(resources):
    for name, statement in statements(resources):
        assert statement["Effect"] == "Allow" or name == "KeepLedger"
        assert "NotAction" not in statement and "NotResource" not in statement
        for action in listed(statement["Action"]):
            assert "*" not in action, f"{name}: {action}"
            for resource in listed(statement["Resource"]):
                assert resource != "*" or action in WITHOUT_RESOURCE, f"{name}: {action} on everything"


def test_nobody_may_delete_an_item_or_change_the_ledger_s_table_but_who_pays(resources):
    for name, statement in statements(resources):
        if statement["Effect"] == "Deny":
            continue
        actions = set(listed(statement["Action"]))
        assert not actions & {"dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}, name
        if "dynamodb:UpdateItem" in actions and "PaymentsTable" in json.dumps(statement["Resource"]):
            assert name.startswith("Payments"), f"{name} may update the payments table"


def test_whoever_touches_the_payments_table_may_not_change_or_remove_a_transfer(resources):
    [denied] = of(resources, "AWS::IAM::ManagedPolicy")["KeepLedger"]["PolicyDocument"]["Statement"]
    changing = {
        f"dynamodb:{how}" for how in ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLUpdate", "PartiQLDelete")
    }
    assert (denied["Effect"], denied["Resource"]) == ("Deny", {"Fn::GetAtt": ["PaymentsTable", "Arn"]})
    assert set(denied["Action"]) == changing
    assert denied["Condition"] == {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["TRANSFER#*"]}}
    roles = of(resources, "AWS::IAM::Role")
    touching = {name for name, statement in statements(resources) if touches(statement, "PaymentsTable")} & roles.keys()
    kept = {name for name, role in roles.items() if {"Ref": "KeepLedger"} in role.get("ManagedPolicyArns", [])}

    assert len(touching) > 10
    assert touching == kept


def test_who_is_not_payments_puts_named_kinds_of_items_into_its_table(resources):
    free = {"PaymentsApiRole", "PaymentsStreamRole", "PaymentsDeliveriesStreamRole", "PaymentsScheduleRole"}
    for name, statement in statements(resources):
        if touches(statement, "PaymentsTable") and "dynamodb:PutItem" in listed(statement["Action"]):
            condition = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
            assert name in free or all(re.fullmatch(r"[A-Z]+#\*", k) for k in condition["dynamodb:LeadingKeys"]), name
            if "Webhook" in name:
                assert "TRANSFER#*" not in condition["dynamodb:LeadingKeys"], name


def touches(statement: dict[str, Any], table: str) -> bool:
    """Tell whether a statement is about a table or its indexes; its stream is read by Lambda."""
    return any(
        re.search(rf"{table}('|\.Arn)", str(named))
        for named in listed(statement["Resource"])
        if "StreamArn" not in str(named)
    )


def test_every_queue_has_a_dead_letter_queue_or_is_one(resources):
    queues = of(resources, "AWS::SQS::Queue")
    targets = {
        q["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for q in queues.values() if "RedrivePolicy" in q
    }
    mappings = of(resources, "AWS::Lambda::EventSourceMapping").values()
    failures = [m["DestinationConfig"]["OnFailure"]["Destination"] for m in mappings if "DestinationConfig" in m]
    failures += [s["Target"]["DeadLetterConfig"]["Arn"] for s in of(resources, "AWS::Scheduler::Schedule").values()]
    last_stops = targets | {failure["Fn::GetAtt"][0] for failure in failures}

    assert {name for name, queue in queues.items() if "RedrivePolicy" not in queue} == last_stops
    assert all(queues[name]["MessageRetentionPeriod"] == 14 * 24 * 3600 for name in last_stops)


def test_a_message_is_hidden_for_longer_than_its_function_may_run(resources):
    functions, queues = of(resources, "AWS::Lambda::Function"), of(resources, "AWS::SQS::Queue")
    for mapping in of(resources, "AWS::Lambda::EventSourceMapping").values():
        source, attribute = mapping["EventSourceArn"]["Fn::GetAtt"]
        if attribute == "Arn":
            timeout = functions[mapping["FunctionName"]["Ref"]]["Timeout"]
            assert queues[source]["VisibilityTimeout"] >= 6 * timeout, source  # AWS' own advice


def test_whoever_tells_people_has_ended_before_another_takes_over(resources):
    worker = of(resources, "AWS::Lambda::Function")["NoticesWorker"]
    queue = of(resources, "AWS::SQS::Queue")["NoticeQueue"]

    assert worker["Timeout"] < LEASE.total_seconds() < queue["VisibilityTimeout"]


def test_reminders_are_looked_for_as_often_as_the_rule_says(resources):
    schedule = of(resources, "AWS::Scheduler::Schedule")["NoticesScheduleEveryHalfHour"]

    assert schedule["ScheduleExpression"] == f"rate({LOOK_EVERY // timedelta(minutes=1)} minutes)"


def test_whoever_reads_in_batches_reports_what_failed(resources):
    for name, mapping in of(resources, "AWS::Lambda::EventSourceMapping").items():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
        if mapping["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn":
            assert mapping["DestinationConfig"]["OnFailure"]["Destination"], name
            assert mapping["MaximumRetryAttempts"] > 0, name
            assert mapping["FilterCriteria"]["Filters"], name


def test_every_schedule_keeps_what_it_could_not_deliver(resources):
    for name, schedule in of(resources, "AWS::Scheduler::Schedule").items():
        assert schedule["Target"]["DeadLetterConfig"]["Arn"], name
        assert "<aws.scheduler.scheduled-time>" in schedule["Target"]["Input"], name


def test_the_api_may_invoke_each_of_its_functions_by_one_permission(resources):
    body = json.dumps(of(resources, "AWS::ApiGatewayV2::Api")["Api"]["Body"])
    called = set(re.findall(r"functions/\$\{(\w+)\.Arn\}/invocations", body))
    permissions = of(resources, "AWS::Lambda::Permission").values()
    permitted = [p["FunctionName"]["Ref"] for p in permissions if p["Principal"] == "apigateway.amazonaws.com"]

    assert sorted(permitted) == sorted(called)


def test_the_user_pool_asks_the_register_of_staff_and_leaves_it_time_to_fail(resources):
    [pool] = of(resources, "AWS::Cognito::UserPool").values()
    [client] = of(resources, "AWS::Cognito::UserPoolClient").values()
    [trigger] = [p for p in of(resources, "AWS::Lambda::Permission").values() if "cognito" in p["Principal"]]

    assert pool["LambdaConfig"] == {"PreTokenGeneration": {"Fn::GetAtt": [trigger["FunctionName"]["Ref"], "Arn"]}}
    assert trigger["SourceArn"] == {"Fn::GetAtt": ["People", "Arn"]}
    assert of(resources, "AWS::Lambda::Function")[trigger["FunctionName"]["Ref"]]["Timeout"] <= 5
    assert {"phone_number_verified", "email_verified"} <= set(client["ReadAttributes"])  # or tokens would not say so
    assert not {"email", "custom:institution_id"} & set(client["WriteAttributes"])


def test_every_route_is_behind_the_authorizer_or_public_by_name(resources):
    paths = of(resources, "AWS::ApiGatewayV2::Api")["Api"]["Body"]["paths"]
    open_routes, guarded = set(), set()
    for path, methods in paths.items():
        for method, operation in methods.items():
            if method != "options":
                guard = operation.get("security")
                assert guard in (None, [{"people": []}]), f"{method} {path}"
                (guarded if guard else open_routes).add(f"{method.upper()} {path}")

    assert open_routes == PUBLIC
    assert len(guarded) > 20


def test_tables_are_encrypted_and_can_be_restored_to_any_second(resources):
    for name, table in of(resources, "AWS::DynamoDB::Table").items():
        wanted = name != "KeysTable"  # whose key was destroyed must not come back
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": wanted}, name
        assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}, name
        assert table["BillingMode"] == "PAY_PER_REQUEST", name


def test_files_are_encrypted_private_kept_for_90_days_and_can_be_had_back(resources):
    policies = of(resources, "AWS::S3::BucketPolicy").values()
    for name, bucket in of(resources, "AWS::S3::Bucket").items():
        [encryption] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}, name
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name
        [rule] = bucket["LifecycleConfiguration"]["Rules"]
        assert rule["Status"] == "Enabled" and "Prefix" not in rule and "Filter" not in rule, name
        assert rule["ExpirationInDays"] + rule["NoncurrentVersionExpiration"]["NoncurrentDays"] <= 90, name
        [[refused]] = [p["PolicyDocument"]["Statement"] for p in policies if p["Bucket"] == {"Ref": name}]
        assert (refused["Effect"], refused["Principal"], refused["Action"]) == ("Deny", "*", "s3:*"), name
        assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}, name


def test_files_are_put_and_read_by_the_part_of_the_bucket_that_is_a_function_s_own(resources):
    for name, statement in statements(resources):
        if any(action.startswith("s3:") for action in listed(statement["Action"])):
            assert all(r["Fn::Sub"].startswith("${FilesBucket.Arn}/") for r in listed(statement["Resource"])), name
            assert not set(listed(statement["Action"])) - {"s3:GetObject", "s3:PutObject"}, name


def test_what_keeps_data_outlives_the_stack(resources):
    kept = (
        "AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::S3::Bucket", "AWS::KMS::Key",
        "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup",
    )  # fmt: skip
    for name, resource in resources.items():
        if resource["Type"] in kept:
            assert (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")) == ("Retain", "Retain"), name


def test_queues_are_encrypted(resources):
    assert all(queue["KmsMasterKeyId"] == KEY for queue in of(resources, "AWS::SQS::Queue").values())


@pytest.mark.parametrize("word", ["localhost", "127.0.0.1", "/dev/", "simulat", "lumbung-local", "http://"])
def test_nothing_of_the_local_stack_is_in_the_template(word):
    assert word not in (ROOT / "template.yaml").read_text()


def test_every_handler_is_there(resources):
    for name, function in of(resources, "AWS::Lambda::Function").items():
        context, module, attribute = function["Handler"].split(".")
        source = (ROOT / "functions" / context / f"{module}.py").read_text()
        assert f"def {attribute}(event" in source, name


def test_the_layer_carries_botocore_s_data_for_every_service_that_is_asked():
    sources = [*(ROOT / "layers").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    asked = {service for source in sources for service in re.findall(r"\baws\(\"(\w+)\"[,)]", source.read_text())}

    assert asked == SERVICES


def test_the_planner_s_packages_are_the_solver_and_not_what_draws():
    lock = (ROOT / "infra" / "locks" / "planner.txt").read_text()
    lean = without_drawing(lock)

    assert re.findall(r"^(pyvrp)==", lean, re.MULTILINE) == ["pyvrp"]
    assert "numpy==" in lean
    assert not [name for name in DRAWS if re.search(rf"^{name}==", lean, re.MULTILINE)]
    assert lean.count("--hash") > 10


def test_trips_in_trouble_raise_an_alarm_by_what_the_schedule_logs(resources):
    counted = of(resources, "AWS::Logs::MetricFilter")["TripsInTrouble"]
    alarm = of(resources, "AWS::CloudWatch::Alarm")["TripsInTroubleAlarm"]
    said = re.findall(r'logger\.error\("(.*?)"', (ROOT / "functions" / "dispatch" / "schedule.py").read_text())
    [metric] = counted["MetricTransformations"]
    logging = of(resources, "AWS::Lambda::Function")["DispatchSchedule"]["LoggingConfig"]

    assert any(counted["FilterPattern"] == f'{{ $.message = "{message}" }}' for message in said)
    assert counted["LogGroupName"] == logging["LogGroup"] and logging["LogFormat"] == "JSON"
    assert (alarm["Namespace"], alarm["MetricName"]) == (metric["MetricNamespace"], metric["MetricName"])
    assert alarm["AlarmActions"]
