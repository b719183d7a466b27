"""CloudFormation's intrinsics, as the local stack resolves them."""

from typing import Any

import pytest

from infra.local.intrinsics import Resolver, Unresolvable


def attribute(name: str, attribute: str) -> str:
    return f"<{name}.{attribute}>"


RESOLVER = Resolver(
    {"Stage": "local", "Empty": ""},
    attribute,
    {"IsLocal": {"Fn::Equals": [{"Ref": "Stage"}, "local"]}, "IsNot": {"Fn::Not": [{"Condition": "IsLocal"}]}},
    {"Stages": {"local": {"LogDays": 14}}},
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param({"Ref": "Stage"}, "local", id="a parameter"),
        pytest.param({"Ref": "AWS::Region"}, "ap-southeast-3", id="a pseudo-parameter"),
        pytest.param({"Ref": "Table"}, "<Table.Ref>", id="a resource"),
        pytest.param({"Fn::GetAtt": ["Table", "Arn"]}, "<Table.Arn>", id="an attribute"),
        pytest.param({"Fn::GetAtt": "Table.Arn"}, "<Table.Arn>", id="an attribute in one word"),
        pytest.param({"Fn::Sub": "${Stage}/${T.Arn}/${!kept}"}, "local/<T.Arn>/${kept}", id="a text with places"),
        pytest.param({"Fn::Sub": ["${x}-${Stage}", {"x": {"Ref": "T"}}]}, "<T.Ref>-local", id="places of its own"),
        pytest.param({"Fn::Join": ["/", ["a", {"Ref": "Stage"}]]}, "a/local", id="parts joined"),
        pytest.param({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b", id="one part of a text"),
        pytest.param({"Fn::If": ["IsLocal", "yes", "no"]}, "yes", id="a condition that holds"),
        pytest.param({"Fn::If": ["IsNot", "yes", "no"]}, "no", id="a condition that does not"),
        pytest.param({"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "LogDays"]}, 14, id="an entry of a mapping"),
        pytest.param({"a": {"Ref": "AWS::NoValue"}, "b": 1}, {"b": 1}, id="no value leaves no key"),
        pytest.param([{"Ref": "AWS::NoValue"}, 1], [1], id="no value leaves no element"),
        pytest.param({"get": {"x": {"Ref": "Empty"}}}, {"get": {"x": ""}}, id="anything else is kept"),
    ],
)
def test_an_intrinsic_stands_for(written: Any, meant: Any) -> None:
    assert RESOLVER.resolve(written) == meant


def test_what_is_not_understood_is_refused() -> None:
    with pytest.raises(Unresolvable, match="Fn::ImportValue"):
        RESOLVER.resolve({"Fn::ImportValue": "x"})
    with pytest.raises(Unresolvable, match="Nowhere"):
        RESOLVER.resolve({"Fn::If": ["Nowhere", 1, 2]})
    with pytest.raises(Unresolvable, match="Stages has no local · LogYears"):
        RESOLVER.resolve({"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "LogYears"]})
