"""What calls need, what roles grant, and the difference between them, on a small template."""

import pytest

from infra.rights.asked import Ask, asked
from infra.rights.difference import differences
from infra.rights.granted import Grant, grants
from infra.rights.record import called_by_the_template

KEY = {"pk": {"S": "ORDER#1"}, "sk": {"S": "ORDER"}}
ITEM = {"pk": {"S": "TRANSFER#1"}, "sk": {"S": "TRANSFER"}}
PUT = "dynamodb:PutItem"


def allow(actions, resource, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def template(*statements, mappings=()):
    role = {"Policies": [{"PolicyDocument": {"Statement": list(statements)}}]}
    indexes = [{"IndexName": "by_due"}, {"IndexName": "by_list"}]
    resources = {
        "Api": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["ApiRole", "Arn"]}}},
        "ApiRole": {"Type": "AWS::IAM::Role", "Properties": role},
        "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"GlobalSecondaryIndexes": indexes}},
    }
    for n, source in enumerate(mappings):
        mapping = {"FunctionName": {"Ref": "Api"}, "EventSourceArn": {"Fn::GetAtt": source}}
        resources[f"M{n}"] = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}
    return {"Resources": resources, "ParameterValues": {"Domain": "example.go.id"}}


ORDERS = {"Fn::GetAtt": ["Orders", "Arn"]}
READING = template(allow(["dynamodb:GetItem"], ORDERS))
READ = Ask("dynamodb:GetItem", "Orders", "ORDER")


CALLS = (
    ("dynamodb", "GetItem", {"TableName": "Orders", "Key": KEY}, ["dynamodb:GetItem Orders ORDER"]),
    ("dynamodb", "Query", {"TableName": "Orders", "IndexName": "by_due"}, ["dynamodb:Query Orders/index/by_due "]),
    (
        "dynamodb",
        "TransactWriteItems",
        {"TransactItems": [
            {"Put": {"TableName": "Money", "Item": ITEM}},
            {"Update": {"TableName": "Orders", "Key": KEY}},
            {"ConditionCheck": {"TableName": "Orders", "Key": KEY}},
        ]},
        [
            "dynamodb:PutItem Money TRANSFER",
            "dynamodb:UpdateItem Orders ORDER",
            "dynamodb:ConditionCheckItem Orders ORDER",
        ],
    ),
    ("dynamodb", "BatchGetItem", {"RequestItems": {"Orders": {"Keys": [KEY]}}}, ["dynamodb:BatchGetItem Orders ORDER"]),
    (
        "dynamodb",
        "BatchWriteItem",
        {"RequestItems": {"Money": [{"DeleteRequest": {"Key": ITEM}}]}},
        ["dynamodb:BatchWriteItem Money TRANSFER"],
    ),
    ("sqs", "SendMessageBatch", {"QueueUrl": "http://x/1/Closing"}, ["sqs:SendMessage Closing "]),
    ("s3", "HeadObject", {"Bucket": "files", "Key": "catalog/a/b"}, ["s3:GetObject files/catalog/* "]),
    ("sesv2", "SendEmail", {"FromEmailAddress": "L <a@b.go.id>"}, ["ses:SendEmail identity/b.go.id "]),
    ("sns", "Publish", {}, ["sns:Publish * "]),
)  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "params", "needed"), CALLS, ids=[call[1] for call in CALLS])
def test_a_call_needs(service, operation, params, needed):
    assert [" ".join(ask) for ask in asked(service, operation, params)] == needed


def test_every_index_is_a_right_of_its_own():
    every = template(allow("dynamodb:Query", {"Fn::Sub": "${Orders.Arn}/index/*"}))

    assert grants(every)["Api"] == {Grant("dynamodb:Query", f"Orders/index/{name}") for name in ("by_due", "by_list")}


def test_every_kind_of_item_is_a_right_of_its_own():
    bound = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["EVENT#*", "BILL#*"]}}
    some = template(allow(PUT, ORDERS, Condition=bound))

    assert grants(some)["Api"] == {Grant(PUT, "Orders", "EVENT"), Grant(PUT, "Orders", "BILL")}
    assert differences(some, {"Api": {Ask(PUT, "Orders", "EVENT"), Ask(PUT, "Orders", "TRANSFER")}}, {}) == [
        f"Api: {PUT} Orders BILL is granted, and not used",
        f"Api: {PUT} Orders TRANSFER is used, and not granted",
    ]


def test_what_is_used_and_granted_is_no_difference():
    assert differences(READING, {"Api": {READ}}, {}) == []


def test_a_right_that_nobody_uses_is_found_unless_it_is_listed_with_its_reason():
    right = Grant("dynamodb:GetItem", "Orders")

    assert differences(READING, {}, {}) == ["Api: dynamodb:GetItem Orders  is granted, and not used"]
    assert differences(READING, {}, {("Api", right): "when the rest fails"}) == []


def test_what_is_listed_in_vain_is_found():
    right = Grant("dynamodb:GetItem", "Orders")

    assert differences(READING, {"Api": {READ}}, {("Api", Grant("dynamodb:Scan", "Orders")): "when the rest fails"})
    assert differences(READING, {"Api": {READ}}, {("Gone", right): "of a function that is no more"})


def test_lambda_reads_sources_in_the_role_of_the_function():
    streamed = template(mappings=[("Orders", "StreamArn")])

    found = differences(streamed, {}, {})

    assert [line.split()[1] for line in found] == [
        f"dynamodb:{what}" for what in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    ]
    assert all("needed by Lambda, and not granted" in line for line in found)


def test_an_address_written_out_is_what_comes_after_the_account():
    mailing = template(
        allow("ses:SendEmail", {"Fn::Sub": "arn:aws:ses:${AWS::Region}:${AWS::AccountId}:identity/${Domain}"})
    )

    assert grants(mailing)["Api"] == {Grant("ses:SendEmail", "identity/example.go.id")}


def test_names_of_the_stack_become_the_template_s():
    names = {"lumbung-Orders": "Orders", "arn:aws:secretsmanager:x:1:secret:lumbung/ids-Ab1": "Ids"}

    told = [
        called_by_the_template(Ask("a", name), names).resource
        for name in ("lumbung-Orders/index/by_due", list(names)[1])
    ]

    assert told == ["Orders/index/by_due", "Ids"]
