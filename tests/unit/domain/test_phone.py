"""A phone number is one human, however it is written."""

import pytest

from lumbung.domain.people import Caller
from lumbung.domain.phone import international, normal, person_id


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("081234567890", "+6281234567890", id="as people say it"),
        pytest.param("6281234567890", "+6281234567890", id="as providers write it"),
        pytest.param("+6281234567890", "+6281234567890", id="as it is stored"),
        pytest.param("+62 812-3456-7890", "+6281234567890", id="with a space and dashes"),
        pytest.param("0812 3456 7890", "+6281234567890", id="with spaces"),
        pytest.param("082123456", None, id="too short by one"),
        pytest.param("0821234567", "+62821234567", id="as short as there are"),
        pytest.param("08123456789012", None, id="too long by one"),
        pytest.param("0812345678901", "+62812345678901", id="as long as there are"),
        pytest.param("081  234567890", None, id="two spaces in a row"),
        pytest.param("080123456789", None, id="no mobile network"),
        pytest.param("0215550123", None, id="a landline"),
        pytest.param("+6581234567", None, id="another country"),
        pytest.param("٠٨١٢٣٤٥٦٧٨٩٠", None, id="digits of another script"),
        pytest.param("081234567890\n", None, id="a line break after it"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_number_has_one_form(text: str, number: str | None) -> None:
    assert normal(text) == number


def test_a_number_is_always_the_same_person_and_says_nothing_of_itself() -> None:
    number = "+6281234567890"

    assert person_id(b"s", number) == person_id(b"s", number)
    assert len({person_id(b"s", number), person_id(b"s", "+6281234567891"), person_id(b"other", number)}) == 3
    assert "812345" not in person_id(b"s", number)


@pytest.mark.parametrize(
    ("member_id", "own"), [("mem-1", True), ("per_1", True), ("mem-2", False), ("per_2", False)]
)  # fmt: skip
def test_a_caller_owns_what_is_under_either_of_their_ids(member_id: str, own: bool) -> None:
    assert Caller("mem-1", frozenset(), person_id="per_1").owns(member_id) is own
    assert Caller("mem-1", frozenset()).owns("None") is False


@pytest.mark.parametrize(
    ("text", "number"),
    [("081234567890", "6281234567890"), ("+62 21 5550123", "62215550123"), ("(021) 5550123", "62215550123")],
)
def test_couriers_are_told_any_number_with_its_country(text, number):
    assert international(text) == number
