"""What could be a civil servant's number, and what could not."""

import pytest

from lumbung.domain import nip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("196608011988031001", None, id="the office's own example"),
        pytest.param("19660801 198803 1 001", None, id="as printed"),
        pytest.param("'196608011988031001", None, id="kept from a spreadsheet"),
        pytest.param("1966.0801-198803 1 001", None, id="with dots and dashes"),
        pytest.param("199009132025242014", None, id="a contract, part time"),
        pytest.param("199009132025211014", None, id="a contract, full time"),
        pytest.param("199009132025391014", None, id="the last kind of contract"),
        pytest.param("200002292022032001", None, id="born on a leap day"),
        pytest.param("19660801198803100", "digits", id="one digit short"),
        pytest.param("1966080119880310011", "digits", id="one digit more"),
        pytest.param("1.96608E+17", "digits", id="rounded by a spreadsheet"),
        pytest.param("١٩٦٦٠٨٠١١٩٨٨٠٣١٠٠١", "digits", id="digits of another script"),
        pytest.param("", "digits", id="nothing"),
        pytest.param("196613011988031001", "birth", id="a 13th month"),
        pytest.param("200102292022032001", "birth", id="no leap year"),
        pytest.param("000008011988031001", "birth", id="the year nought"),
        pytest.param("196608011980031001", "appointment", id="at fourteen"),
        pytest.param("196608011981031001", None, id="at fifteen"),
        pytest.param("196608012031031001", None, id="at sixty-five"),
        pytest.param("196608012032031001", "appointment", id="at sixty-six"),
        pytest.param("196608011988001001", "appointment", id="month nought"),
        pytest.param("196608011988131001", "appointment", id="neither a month nor a contract"),
        pytest.param("196608011988201001", "appointment", id="just before the contracts"),
        pytest.param("196608011988401001", "appointment", id="just after the contracts"),
        pytest.param("196608011988033001", "sex", id="neither 1 nor 2"),
        pytest.param("196608011988031000", "number", id="they begin at 001"),
    ],
)
def test_a_number_is_sound_or_says_what_is_wrong(text: str, reason: str | None) -> None:
    assert nip.fault(nip.normal(text)) == reason
    assert reason is None or nip.REASONS[reason]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("1\n2\n", [(1, "1"), (2, "2")], id="bare numbers"),
        pytest.param("NIP\r\n1\r\n\r\n2", [(2, "1"), (4, "2")], id="a heading, an empty line"),
        pytest.param("\ufeffNama;NIP\nSiti;19 66\nBudi;", [(2, "1966"), (3, "")], id="the column that is called so"),
        pytest.param("Nama,Nip\n\"Siti, S.E.\",1", [(2, "1")], id="a comma inside a name"),
        pytest.param("nomor\n1", [(2, "1")], id="a heading by another name"),
        pytest.param("", [], id="nothing"),
    ],
)  # fmt: skip
def test_a_file_is_read_line_by_line(text: str, lines: list[tuple[int, str]]) -> None:
    assert list(nip.numbered(text.splitlines())) == lines


def test_a_number_is_kept_as_something_that_says_nothing() -> None:
    number = "196608011988031001"

    assert nip.masked(number) == "1966**************"
    assert nip.digest(b"s", number) == nip.digest(b"s", number) != nip.digest(b"other", number)
    assert "1966" not in nip.digest(b"s", number)
