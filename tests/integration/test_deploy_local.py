"""`make deploy-local`: the template itself, deployed where rights are enforced, carries an order to its member."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.deploy_local import rights
from infra.deploy_local.adapt import adapt
from infra.local.template import expanded

ROOT = Path(__file__).parents[2]
OBJECTS = {"functions/": "functions.zip", "layers/lumbung": "layer.zip"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_goods_reach_their_member_on_the_deployed_template_and_every_role_is_held_to_its_rights():
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "layers" / "lumbung")}
    command = [sys.executable, "-m", "infra.deploy_local"]

    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "confirmed, and the ledger balances" in ran.stdout
    assert "14 refused" in ran.stdout
    assert "the cooperative is paid for what was received, and the ledger balances" in ran.stdout
    assert "consumers of streams; the ledger balances" in ran.stdout


@pytest.fixture(scope="module")
def template():
    return expanded(ROOT / "template.yaml", {})


@pytest.fixture(scope="module")
def adapted(template):
    return adapt(template, bucket="code", objects=OBJECTS)


def of(template, kind):
    return {name: r["Properties"] for name, r in template["Resources"].items() if r["Type"] == kind}


def test_every_route_of_the_body_is_deployed_with_its_function_and_its_guard(template, adapted):
    paths = of(template, "AWS::ApiGatewayV2::Api")["Api"]["Body"]["paths"]
    declared = {
        f"{method.upper()} {path}": (
            operation["x-amazon-apigateway-integration"]["$ref"].rpartition("/")[2].replace("_", ""),
            "JWT" if operation.get("security") else None,
        )
        for path, methods in paths.items()
        for method, operation in methods.items()
    }

    deployed = {
        route["RouteKey"]: (
            route["Target"]["Fn::Join"][1][1]["Ref"].removeprefix("Integration").lower(),
            route.get("AuthorizationType"),
        )
        for route in of(adapted, "AWS::ApiGatewayV2::Route").values()
    }

    assert deployed == declared


def test_nothing_else_of_the_template_is_changed(template, adapted):
    added = adapted["Resources"].keys() - template["Resources"].keys()
    assert {adapted["Resources"][name]["Type"].split("::")[-1] for name in added} == {
        "Authorizer",
        "Integration",
        "Route",
    }
    for kind in ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Lambda::EventSourceMapping"):
        assert of(adapted, kind) == of(template, kind)
    roles = re.sub(r"\{'Fn::GetAtt': \['(\w+Secret)', 'Id'\]\}", r"{'Ref': '\1'}", str(of(adapted, "AWS::IAM::Role")))
    roles = roles.replace("['sqs:SendMessage', 'sqs:SendMessageBatch']", "'sqs:SendMessage'")
    assert roles == str(of(template, "AWS::IAM::Role"))


def test_an_alarm_on_several_metrics_watches_the_first_of_them(template, adapted):
    declared, made = (of(one, "AWS::CloudWatch::Alarm")["WebhooksErrorsAlarm"] for one in (template, adapted))
    first = declared["Metrics"][1]["MetricStat"]

    assert "Metrics" not in made
    assert (made["MetricName"], made["Dimensions"]) == ("Errors", first["Metric"]["Dimensions"])
    assert (made["Period"], made["Statistic"], made["Threshold"]) == (first["Period"], "Sum", declared["Threshold"])


def test_a_role_that_may_do_too_much_is_found(monkeypatch):
    monkeypatch.setattr(rights, "_probe", lambda deployment, function: function)
    monkeypatch.setattr(rights, "_call", lambda deployment, probe, attempt: rights.DONE)

    with pytest.raises(rights.Wrong, match="put_item on PaymentsTable: done"):
        rights.check(None, print)  # type: ignore[arg-type]
