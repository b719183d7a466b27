"""The sheet that goes to a treasurer, and comes back filled in."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from lumbung.domain.deduction import Deduction
from lumbung.domain.errors import Invalid
from lumbung.domain.people import Person
from lumbung.providers import workbook
from payments.treasurer_list import Answered, Rejected, as_csv, read_csv, rows

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)
DEDUCTIONS = [Deduction(f"pay_{n}", f"ord_{n}", f"m{n}", "ins_1", "Umum", 55_000, "2020-04", 1, AT) for n in (1, 2)]
PEOPLE = {"m1": Person("m1", "=HYPERLINK(1)", nip="198703122010121001"), "m2": Person("m2", "Budi", nip="2")}


def test_text_stays_text_in_a_workbook() -> None:
    sheet = load_workbook(io.BytesIO(workbook.write("TPP", rows(DEDUCTIONS, PEOPLE)))).active
    assert sheet is not None

    cells = next(sheet.iter_rows(min_row=2, max_row=2))

    assert [cell.value for cell in cells][1:6] == ["198703122010121001", "'=HYPERLINK(1)", "ord_1", "2020-04", 55_000]
    assert all(cell.data_type != "f" for cell in cells)


def test_the_sheet_comes_back_as_it_was_sent() -> None:
    sent = as_csv(rows([d.hand_over("bat_1").apply(n, at=AT) for n, d in enumerate(DEDUCTIONS)], PEOPLE))

    assert "'=HYPERLINK(1)" in sent
    assert read_csv(sent) == ([Answered(1, "pay_1", 0), Answered(2, "pay_2", 1)], [])


def test_a_line_that_cannot_be_read_stops_only_itself() -> None:
    text = "\ufeffpayment_id;deducted\npay_1;Rp 55.000\npay_2;\npay_3;semua\n"

    answered, rejected = read_csv(text)

    assert answered == [Answered(1, "pay_1", 55_000)]
    assert rejected == [Rejected(2, "Jumlah belum diisi."), Rejected(3, "Jumlah 'semua' tidak dapat dibaca.")]


@pytest.mark.parametrize("text", ["", "nama,jumlah\nBudi,1\n", "payment_id,deducted\n" + "pay_1,1\n" * 301])
def test_another_sheet_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_csv(text)
