"""Event patterns, as event-source mappings filter by them."""

from typing import Any

import pytest

from infra.local.patterns import UnknownPattern, matches, passes

ORDER = {"eventName": "MODIFY", "dynamodb": {"NewImage": {"kind": {"S": "ORDER"}, "paid": {"N": "5"}}}}


@pytest.mark.parametrize(
    ("pattern", "event"),
    [
        pytest.param({"a": [1, "x"]}, {"a": "x", "b": 2}, id="one of several values"),
        pytest.param({"a": ["x"]}, {"a": ["w", "x"]}, id="one element of a list"),
        pytest.param({"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"kind": {"S": ["ORDER"]}}}}, ORDER, id="deep"),
        pytest.param({"a": [{"prefix": "ord_"}]}, {"a": "ord_1"}, id="a prefix"),
        pytest.param({"a": [{"suffix": ".csv"}]}, {"a": "x.csv"}, id="a suffix"),
        pytest.param({"a": [{"wildcard": "a*z"}]}, {"a": "abcz"}, id="a wildcard"),
        pytest.param({"a": [{"equals-ignore-case": "YES"}]}, {"a": "yes"}, id="any case"),
        pytest.param({"a": [{"anything-but": ["x", "y"]}]}, {"a": "z"}, id="anything but some"),
        pytest.param({"a": [{"anything-but": {"prefix": "x"}}]}, {"a": "z"}, id="anything but a prefix"),
        pytest.param({"a": [{"numeric": [">", 1, "<=", 5]}]}, {"a": 5}, id="a range"),
        pytest.param({"a": [{"exists": True}]}, {"a": None}, id="is there, though null"),
        pytest.param({"a": [None]}, {"a": None}, id="null"),
        pytest.param({"a": {"b": [{"exists": False}]}}, {"a": {}}, id="is not there"),
        pytest.param({"a": {"b": [{"exists": False}]}}, {}, id="is not there, nor what it would be in"),
        pytest.param({"$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2}, id="either"),
    ],
)
def test_a_pattern_lets_pass(pattern: dict[str, Any], event: dict[str, Any]) -> None:
    assert matches(pattern, event)


@pytest.mark.parametrize(
    ("pattern", "event"),
    [
        pytest.param({"a": ["x"], "b": ["y"]}, {"a": "x"}, id="a key that is missing"),
        pytest.param({"a": [1]}, {"a": "1"}, id="a number for a text"),
        pytest.param({"a": [1]}, {"a": True}, id="a truth for a number"),
        pytest.param({"a": [{"numeric": ["<", 5]}]}, {"a": "4"}, id="a text in a range"),
        pytest.param({"a": [{"anything-but": ["x"]}]}, {}, id="nothing, for anything but"),
        pytest.param({"a": [{"exists": False}]}, {"a": 1}, id="what should not be there"),
        pytest.param({"dynamodb": {"NewImage": {"kind": {"S": ["WAVE"]}}}}, ORDER, id="another kind"),
    ],
)
def test_a_pattern_holds_back(pattern: dict[str, Any], event: dict[str, Any]) -> None:
    assert not matches(pattern, event)


def test_one_pattern_of_several_is_enough_and_none_lets_everything_pass() -> None:
    assert passes([{"a": [1]}, {"a": [2]}], {"a": 2})
    assert passes([], {"a": 3})


def test_a_rule_that_is_not_understood_is_refused() -> None:
    with pytest.raises(UnknownPattern, match="cidr"):
        matches({"a": [{"cidr": "10.0.0.0/8"}]}, {"a": "10.0.0.1"})
