"""The rules that templates are held to: they hold today, each sees the weakening it is for, and exceptions end."""

import copy
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from infra.guard import checkov
from infra.guard.check import RULES, Finding, broken
from infra.guard.exceptions import Exemption, exemptions, objections
from infra.guard.resolved import resolved
from infra.guard.templates import EDGE, MAIN, findings
from infra.guard.templates import RULES as HELD_TO

Resources = dict[str, Any]
Weaken = Callable[[Resources], Any]


@pytest.fixture(scope="module")
def deployed() -> dict[str, Any]:
    return {"template.yaml": resolved(MAIN, "prod"), "edge.yaml": resolved(EDGE, "prod")}


def test_both_templates_keep_our_rules_as_prod_deploys_them(deployed):
    found = {one for path, rules in HELD_TO.items() for one in findings(path.name, deployed[path.name], *rules)}

    assert [one for one in found if not any(exemption.covers(one) for exemption in exemptions())] == []


def a_few(template: Resources) -> Resources:
    """Return two resources of each type, so that a rule is tried in milliseconds."""
    kept, seen = {}, dict[str, int]()
    for name, resource in template["Resources"].items():
        seen[resource["Type"]] = seen.get(resource["Type"], 0) + 1
        if seen[resource["Type"]] <= 2 or name in ("PaymentsStreamBooked", "POST v1.orders", "GET v1.waves"):
            kept[name] = resource
    return {"Resources": kept}


def first(resources: Resources, kind: str) -> Any:
    return next(resource["Properties"] for resource in resources.values() if resource["Type"] == kind)


def put(kind: str, path: str, value: Any) -> Weaken:
    """Return what sets the value at *path* of the first resource of that type; None takes it away."""

    def weaken(resources: Resources) -> None:
        *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
        place: Any = first(resources, kind)
        for step in way:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return weaken


def delete_with_the_stack(kind: str) -> Weaken:
    def weaken(resources: Resources) -> None:
        next(resource for resource in resources.values() if resource["Type"] == kind)["DeletionPolicy"] = "Delete"

    return weaken


def stream(**changes: Any) -> Weaken:
    return lambda resources: resources["PaymentsStreamBooked"]["Properties"].update(changes)


def open_route(resources: Resources) -> None:
    resources["POST v1.orders"]["Properties"]["Guards"] = ["nobody"]


TABLE, BUCKET, KEY = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"
QUEUE, FUNCTION, STAGE = "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::ApiGatewayV2::Stage"
ROLE, SHARED, POOL = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::Cognito::UserPool"
CDN, WAF = "AWS::CloudFront::Distribution", "AWS::WAFv2::WebACL"
SIDE = "BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault"
STATEMENT = "Policies/0/PolicyDocument/Statement/0"
WEAKENED: list[tuple[str, str, Weaken]] = [
    ("data", "tables_have_a_key_of_ours", put(TABLE, "SSESpecification", {"SSEEnabled": True})),
    ("data", "tables_can_be_restored", put(TABLE, "PointInTimeRecoverySpecification", None)),
    ("data", "tables_cannot_be_deleted", put(TABLE, "DeletionProtectionEnabled", False)),
    ("data", "data_outlives_the_stack", delete_with_the_stack("AWS::SecretsManager::Secret")),
    ("data", "data_outlives_the_stack", delete_with_the_stack(KEY)),
    ("data", "buckets_have_a_key_of_ours", put(BUCKET, f"{SIDE}/SSEAlgorithm", "AES256")),
    ("data", "buckets_are_private", put(BUCKET, "PublicAccessBlockConfiguration/BlockPublicPolicy", False)),
    ("data", "secrets_have_a_key_of_ours", put("AWS::SecretsManager::Secret", "KmsKeyId", None)),
    ("data", "keys_rotate", put(KEY, "EnableKeyRotation", False)),
    ("data", "keys_are_for_this_account", put(KEY, "KeyPolicy/Statement/1/Condition/StringEquals", {})),
    ("data", "keys_are_for_this_account", put(KEY, "KeyPolicy/Statement/0/Action", ["kms:*"])),
    ("data", "keys_are_for_this_account", put(KEY, "KeyPolicy/Statement/3/Condition", None)),
    ("data", "users_cannot_be_deleted", put(POOL, "DeletionProtection", "INACTIVE")),
    ("work", "queues_redrive_or_are_last_stops", put(QUEUE, "RedrivePolicy", None)),
    ("work", "queues_have_a_key_of_ours", put(QUEUE, "KmsMasterKeyId", "alias/aws/sqs")),
    ("work", "streams_set_aside_what_fails", stream(DestinationConfig={})),
    ("work", "streams_set_aside_what_fails", stream(MaximumRetryAttempts=-1)),
    ("work", "batches_report_what_failed", put("AWS::Lambda::EventSourceMapping", "FunctionResponseTypes", ["none"])),
    ("work", "schedules_keep_what_was_not_delivered", put("AWS::Scheduler::Schedule", "Target/DeadLetterConfig", None)),
    ("work", "functions_log_to_the_stack_s_group", put(FUNCTION, "LoggingConfig/LogGroup", "elsewhere")),
    ("work", "functions_have_a_role_and_an_end", put(FUNCTION, "Role", "arn:aws:iam::aws:role/Administrator")),
    ("work", "logs_end_and_have_a_key_of_ours", put("AWS::Logs::LogGroup", "RetentionInDays", 3653)),
    ("work", "logs_end_and_have_a_key_of_ours", put("AWS::Logs::LogGroup", "KmsKeyId", None)),
    ("work", "topics_have_a_key_of_ours", put("AWS::SNS::Topic", "KmsMasterKeyId", None)),
    ("work", "alarms_reach_somebody", put("AWS::CloudWatch::Alarm", "AlarmActions", [])),
    ("rights", "actions_are_named", put(ROLE, f"{STATEMENT}/Action", ["dynamodb:*"])),
    ("rights", "actions_are_named", put(SHARED, "PolicyDocument/Statement/0/Action", "logs:*")),
    ("rights", "resources_are_named", put(ROLE, f"{STATEMENT}/Resource", "*")),
    ("rights", "resources_are_named", put(SHARED, "PolicyDocument/Statement/0/Resource", "*")),
    ("rights", "queues_take_from_named_senders",
     put("AWS::SQS::QueuePolicy", "PolicyDocument/Statement/0/Principal", {"AWS": "*"})),
    ("door", "routes_need_a_token_but_for_what_is_open", open_route),
    ("door", "the_default_endpoint_is_closed", put("AWS::ApiGatewayV2::Api", "Body/servers", [{}])),
    ("door", "every_route_is_limited", put(STAGE, "DefaultRouteSettings/ThrottlingRateLimit", 10_000)),
    ("door", "requests_are_logged_without_secrets", put(STAGE, "AccessLogSettings/Format", "$context.path")),
    ("door", "requests_are_logged_without_secrets", put(STAGE, "AccessLogSettings", {"Format": "-"})),
    ("edge", "distributions_stand_behind_the_firewall", put(CDN, "DistributionConfig/WebACLId", None)),
    ("edge", "viewers_and_origin_speak_tls",
     put(CDN, "DistributionConfig/CacheBehaviors/0/ViewerProtocolPolicy", "allow-all")),
    ("edge", "viewers_and_origin_speak_tls",
     put(CDN, "DistributionConfig/ViewerCertificate/MinimumProtocolVersion", "TLSv1")),
    ("edge", "the_origin_is_told_who_asks", put(CDN, "DistributionConfig/Origins/0/OriginCustomHeaders", None)),
    ("edge", "errors_are_not_kept", put(CDN, "DistributionConfig/CustomErrorResponses/1/ErrorCachingMinTTL", 10)),
    ("edge", "answers_carry_security_headers",
     put(CDN, "DistributionConfig/CacheBehaviors/2/ResponseHeadersPolicyId", None)),
    ("edge", "the_firewall_counts_and_knows_attacks", put(WAF, "Rules", [])),
    ("edge", "the_firewall_s_log_tells_no_token", put("AWS::WAFv2::LoggingConfiguration", "RedactedFields", [])),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "rule", "weaken"), WEAKENED, ids=[f"{rule}-{n}" for n, (_, rule, _) in enumerate(WEAKENED)]
)
def test_a_weakened_template_breaks_the_rule(deployed, rules, rule, weaken):
    template = copy.deepcopy(a_few(deployed["edge.yaml" if rules == "edge" else "template.yaml"]))
    assert broken(template, RULES / f"{rules}.guard") == set()

    weaken(template["Resources"])

    assert rule in {name for name, _ in broken(template, RULES / f"{rules}.guard")}


def test_every_rule_has_seen_its_weakening():
    written = {rule for file in RULES.glob("*.guard") for rule in re.findall(r"^rule (\w+)", file.read_text(), re.M)}

    assert {rule for _, rule, _ in WEAKENED} == written


TODAY = date(2026, 11, 24)
FOUND = Finding("template.yaml", "CKV_AWS_18", "FilesBucket")
EXCEPTED = Exemption("CKV_AWS_18", "FilesBucket", "CloudTrail does it", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("found", "exempt", "on", "said"),
    [
        pytest.param([], [], TODAY, "", id="nothing found"),
        pytest.param([FOUND], [EXCEPTED], TODAY, "", id="found and excepted"),
        pytest.param([FOUND], [], TODAY, "FilesBucket breaks CKV_AWS_18", id="found"),
        pytest.param([FOUND], [EXCEPTED], date(2026, 12, 30), "", id="excepted on the last day"),
        pytest.param([FOUND], [EXCEPTED], date(2026, 12, 31), "ended on 2026-12-31", id="excepted until today"),
        pytest.param([], [EXCEPTED], TODAY, "is not needed", id="excepted and not found"),
        pytest.param([FOUND], [EXCEPTED], date(2025, 1, 1), "for more than a year", id="excepted for too long"),
        pytest.param([FOUND], [Exemption("CKV_AWS_18", "FilesBucket", " ", date(2026, 12, 31))], TODAY, "no reason",
                     id="excepted without a reason"),
    ],
)  # fmt: skip
def test_an_exception_holds_for_what_it_names_until_its_day(found, exempt, on, said):
    told = list(objections(found, exempt, on))

    assert len(told) == (1 if said else 0)
    assert said in "".join(told)


def test_every_exception_on_the_list_says_why_and_until_when():
    assert len(exemptions()) > 5
    assert all(len(exemption.reason) > 60 and exemption.until > TODAY for exemption in exemptions())


def test_checkov_s_report_is_read_by_check_and_resource():
    failed = {
        "file_path": "/infra/edge.yaml",
        "check_id": "CKV_AWS_86",
        "resource": "AWS::CloudFront::Distribution.Cdn",
    }
    report = {"results": {"failed_checks": [failed]}, "summary": {"parsing_errors": 0, "resource_count": 9}}

    assert checkov.read(report) == {Finding("edge.yaml", "CKV_AWS_86", "Cdn")}
    with pytest.raises(ValueError, match="could not read"):
        checkov.read({"results": {"failed_checks": []}, "summary": {"parsing_errors": 0, "resource_count": 0}})
