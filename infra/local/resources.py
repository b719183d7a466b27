"""The template's resources by logical id, with the names and ARNs they get on this machine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local import support
from infra.local.intrinsics import Resolver, Unresolvable
from infra.local.settings import ACCOUNT, CLIENT_ID, POOL_ID, REGION, STACK_NAME

_NAME_PROPERTY = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::KMS::Alias": "AliasName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Lambda::LayerVersion": "LayerName",
}
_ARN = {
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::Lambda::LayerVersion": "lambda:{region}:{account}:layer:{name}:1",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::Scheduler::Schedule": "scheduler:{region}:{account}:schedule/default/{name}",
    "AWS::Events::Rule": "events:{region}:{account}:rule/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
    "AWS::KMS::Key": "kms:{region}:{account}:key/{name}",
    "AWS::Cognito::UserPool": "cognito-idp:{region}:{account}:userpool/{name}",
}
_REF_IS_ARN = {"AWS::Lambda::LayerVersion", "AWS::SNS::Topic"}
_FIXED_NAMES = {"AWS::Cognito::UserPool": POOL_ID, "AWS::Cognito::UserPoolClient": CLIENT_ID}


@dataclass(frozen=True, slots=True)
class Resource:
    id: str
    kind: str
    properties: Mapping[str, Any]


class Resources:
    """Everything the template declares; attributes known only once a resource exists are told with `learn`."""

    def __init__(self, template: Mapping[str, Any], engine_url: str) -> None:
        self._engine_url = engine_url
        self._declared: Mapping[str, Any] = template["Resources"]
        self._learnt: dict[tuple[str, str], Any] = {}
        self._resolver = Resolver(
            template["ParameterValues"], self.attribute, template.get("Conditions", {}), template.get("Mappings", {})
        )
        for name, resource in self._present():
            support.refuse_what_does_not_run(name, resource["Type"], resource.get("Properties", {}))

    def of(self, kind: str) -> Iterator[Resource]:
        """Yield the resources of one type, with their properties resolved."""
        for name, resource in self._present():
            if resource["Type"] == kind:
                yield Resource(name, kind, self._resolver.resolve(resource.get("Properties", {})))

    def learn(self, name: str, attribute: str, value: Any) -> None:
        self._learnt[name, attribute] = value

    def name_of(self, name: str) -> str:
        """Return the physical name of the resource with that logical id."""
        resource = self._declared[name]
        kind = resource["Type"]
        given = resource.get("Properties", {}).get(_NAME_PROPERTY.get(kind, ""))
        if given:
            return str(self._resolver.resolve(given))
        if kind == "AWS::S3::Bucket":
            return f"{STACK_NAME}-{name}".lower()
        return _FIXED_NAMES.get(kind, f"{STACK_NAME}-{name}")

    def ids(self) -> dict[str, str]:
        """Return the logical id of each resource by its physical name, and by what `Ref` gives where that was told."""
        told = {str(value): name for (name, attribute), value in self._learnt.items() if attribute == "Ref"}
        return told | {self.name_of(name): name for name, _ in self._present()}

    def attribute(self, name: str, attribute: str) -> Any:
        """Return what `Ref` or `Fn::GetAtt` gives for a resource."""
        if (name, attribute) in self._learnt:
            return self._learnt[name, attribute]
        if name not in self._declared:
            raise Unresolvable(f"{name} is neither a parameter nor a resource")
        kind = self._declared[name]["Type"]
        if attribute in ("Arn", "TopicArn") or (attribute == "Ref" and kind in _REF_IS_ARN):
            return self._arn(name, kind)
        if kind == "AWS::SQS::Queue" and attribute in ("Ref", "QueueUrl"):
            return f"{self._engine_url}/{ACCOUNT}/{self.name_of(name)}"
        if kind == "AWS::Lambda::Alias" and attribute == "Ref":
            properties = self._resolver.resolve(self._declared[name]["Properties"])
            return f"{properties['FunctionName']}:{properties['Name']}"
        if kind == "AWS::ApiGatewayV2::Api" and attribute == "ApiEndpoint":
            return f"https://{self.name_of(name)}.execute-api.{REGION}.amazonaws.com"
        if attribute in ("Ref", "QueueName", "ProviderName", "Version"):
            return self.name_of(name)
        raise Unresolvable(f"{name}.{attribute} ({kind}) is not known on the local stack")

    def _arn(self, name: str, kind: str) -> str:
        if kind not in _ARN:
            raise Unresolvable(f"{name}.Arn ({kind}) is not known on the local stack")
        return "arn:aws:" + _ARN[kind].format(region=REGION, account=ACCOUNT, name=self.name_of(name))

    def _present(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, resource in self._declared.items():
            if "Condition" not in resource or self._resolver.holds(resource["Condition"]):
                yield name, resource
