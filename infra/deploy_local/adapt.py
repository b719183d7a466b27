"""The expanded template as the engine can deploy it. Nothing is changed but this:

code      local folders become objects of a bucket
routes    ministack does not import those inside an HTTP API's `Body`, as API Gateway does: each becomes the Route
          it stands for, with the Integration and the Authorizer that the Body names
secrets   `Ref` of a secret is its ARN on AWS, its name here: it is asked for as `GetAtt Id`, the ARN on both
alarms    ministack knows no metric math: an alarm on several metrics watches the first of them
rights    `sqs:SendMessage` lets send many at once on AWS; ministack asks for an action of its own for that
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Template = dict[str, Any]


def adapt(expanded: Template, *, bucket: str, objects: Mapping[str, str]) -> Template:
    """Return the template to deploy; *objects* are the keys in *bucket* of each local folder that holds code."""
    template = deepcopy({name: part for name, part in expanded.items() if name != "ParameterValues"})
    for resource in list(template["Resources"].values()):
        properties = resource.get("Properties", {})
        for field in ("Code", "Content"):
            if "S3Key" in properties.get(field, {}):
                properties[field] = {"S3Bucket": bucket, "S3Key": objects[properties[field]["S3Key"]]}
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in properties:
            properties |= _first_metric(properties.pop("Metrics"))
    for name, resource in list(template["Resources"].items()):
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            template["Resources"] |= _unfold(name, resource["Properties"])
    secrets = {n for n, r in template["Resources"].items() if r["Type"] == "AWS::SecretsManager::Secret"}
    adapted: Template = _as_asked(template, secrets)
    return adapted


def _first_metric(metrics: list[dict[str, Any]]) -> dict[str, Any]:
    first = next(metric["MetricStat"] for metric in metrics if "MetricStat" in metric)
    return {**first["Metric"], "Period": first["Period"], "Statistic": first["Stat"]}


def _as_asked(value: Any, secrets: set[str]) -> Any:
    """Name secrets and rights as the engine asks for them."""
    if isinstance(value, list):
        return [_as_asked(part, secrets) for part in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and value.get("Ref") in secrets:
        return {"Fn::GetAtt": [value["Ref"], "Id"]}
    if value.get("Action") == "sqs:SendMessage":
        value = {**value, "Action": ["sqs:SendMessage", "sqs:SendMessageBatch"]}
    return {name: _as_asked(part, secrets) for name, part in value.items()}


def _unfold(api: str, properties: dict[str, Any]) -> Template:
    """Move what *properties* say in the Body into resources, and return them."""
    body = properties.pop("Body")
    properties |= {"Name": body["info"]["title"], "ProtocolType": "HTTP"}
    if cors := body.get("x-amazon-apigateway-cors"):
        properties["CorsConfiguration"] = {_capital(name): value for name, value in cors.items()}
    parts = body["components"]
    made = {f"Authorizer{name}": _authorizer(api, name, scheme) for name, scheme in parts["securitySchemes"].items()}
    for name, integration in parts["x-amazon-apigateway-integrations"].items():
        made[_id("Integration", name)] = _integration(api, integration)
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            made[_id("Route", method, path)] = _route(api, method, path, operation)
    return made


def _authorizer(api: str, name: str, scheme: Mapping[str, Any]) -> dict[str, Any]:
    declared = scheme["x-amazon-apigateway-authorizer"]
    jwt = declared["jwtConfiguration"]
    return _resource(
        "Authorizer",
        ApiId={"Ref": api},
        Name=name,
        AuthorizerType="JWT",
        IdentitySource=[declared["identitySource"]],
        JwtConfiguration={"Issuer": jwt["issuer"], "Audience": jwt["audience"]},
    )


def _integration(api: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    return _resource(
        "Integration",
        ApiId={"Ref": api},
        IntegrationType="AWS_PROXY",
        IntegrationMethod=declared["httpMethod"],
        IntegrationUri=declared["uri"],
        PayloadFormatVersion=declared["payloadFormatVersion"],
    )


def _route(api: str, method: str, path: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    reference = operation["x-amazon-apigateway-integration"]["$ref"].rpartition("/")[2]
    guard: dict[str, Any] = {}
    for security in operation.get("security", []):
        [name] = security
        guard = {"AuthorizationType": "JWT", "AuthorizerId": {"Ref": f"Authorizer{name}"}}
    target = {"Fn::Join": ["/", ["integrations", {"Ref": _id("Integration", reference)}]]}
    return _resource("Route", ApiId={"Ref": api}, RouteKey=f"{method.upper()} {path}", Target=target, **guard)


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}


def _id(*parts: str) -> str:
    return "".join(word.capitalize() for part in parts for word in _words(part))


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
