"""Statements as providers and banks export them: columns in any order, money and moments in any spelling."""

from datetime import UTC, datetime

import pytest

from lumbung.domain.statement import BadLine, Line
from payments.mt940_reader import read_mt940
from payments.statement_files import read_csv

AT = datetime(2020, 4, 8, 2, 30, tzinfo=UTC)
MT940 = """:20:START
:25:BRI/0012345678
:28C:00001/001
:60F:C200407IDR1000,00
:61:2004080408C55000,00NTRFBRI-77//REF123
:86:TRANSFER DARI SITI 8127800001
LANJUTAN
:61:2004080408D20000,00NTRFNONREF
:86:KOPERASI TANI MULUS
:62F:C200408IDR36000,00
"""


def test_midtrans_lines_carry_our_payment_its_amount_and_the_fee() -> None:
    lines, errors = read_csv(
        "\ufeffOrder ID,Transaction status,Amount,Fee,VAT,Settlement Time\n"
        'pay_1,settlement,"Rp55.000","4,000.00",440,2020-04-08 09:30:00\n'
        "pay_2,expire,55000,,,2020-04-08 09:30:00\n"
        "\n"
        "pay_3,partial_refund,20000,0,0,08/04/2020 09:30\n",
        "midtrans",
    )

    assert errors == []
    assert lines == [
        Line(2, AT, 55_000, "pay_1", "", 4_440, "payment"),
        Line(5, AT, 20_000, "pay_3", "", 0, "refund"),
    ]


def test_xendit_s_moments_are_utc_and_withdrawals_are_no_payments() -> None:
    lines, errors = read_csv(
        "Status,Type,Reference,Amount,Fee,Fee VAT,Created Date\n"
        "SUCCESSFUL,PAYMENT,pay_1,55000,4000,440,2020-04-08T02:30:00Z\n"
        "SUCCESSFUL,DISBURSEMENT,x,55000,0,0,2020-04-08 02:30:00\n"
        "SUCCESSFUL,REFUND,pay_1,20000,0,0,2020-04-08 02:30:00\n",
        "xendit",
    )

    assert errors == []
    assert [(line.at, line.amount, line.fee, line.what) for line in lines] == [
        (AT, 55_000, 4_440, "payment"),
        (AT, 20_000, 0, "refund"),
    ]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        pytest.param("Tanggal;Keterangan;Jumlah;DB/CR\n08/04/2020;a;1.250.000,00;CR\n08/04/2020;b;50;DB\n",
                     [1_250_000, -50], id="a side of its own"),
        pytest.param("Date,Description,Debit,Credit\n2020-04-08,a,,55000\n2020-04-08,b,50,\n", [55_000, -50],
                     id="two columns"),
        pytest.param("Date,Description,Amount\n2020-04-08,a,55000\n2020-04-08,b,-50\n", [55_000, -50], id="signed"),
    ],
)  # fmt: skip
def test_a_bank_s_amounts_are_signed_however_it_writes_them(text: str, amounts: list[int]) -> None:
    lines, errors = read_csv(text, "bank_csv")

    assert (errors, [line.amount for line in lines]) == ([], amounts)


def test_what_cannot_be_read_is_reported_by_line_and_the_others_are_read() -> None:
    lines, errors = read_csv(
        "Order ID,Transaction status,Amount,Settlement Time\n"
        "pay_1,settlement,gratis,2020-04-08 09:30:00\n"
        "pay_2,settlement,55000,kemarin\n"
        "pay_3,settlement\n"
        "pay_4,settlement,55000,2020-04-08 09:30:00\n",
        "midtrans",
    )

    assert [line.reference for line in lines] == ["pay_4"]
    assert [error.number for error in errors] == [2, 3, 4]
    assert errors[2].message == "kolom 'amount' tidak ada"


@pytest.mark.parametrize("text", ["", "\n", "a,b\n1,2\n", 'Date,Amount\n"x'])
def test_a_file_that_is_no_table_is_one_error(text: str) -> None:
    lines, errors = read_csv(text, "bank_csv")

    assert lines == [] and [error.number for error in errors] == [0]


def test_mt940_lines_are_signed_and_keep_their_place_references_and_text() -> None:
    noon = datetime(2020, 4, 8, 5, tzinfo=UTC)

    assert read_mt940(MT940) == (
        [
            Line(5, noon, 55_000, "BRI-77 REF123", "TRANSFER DARI SITI 8127800001 LANJUTAN"),
            Line(8, noon, -20_000, "", "KOPERASI TANI MULUS"),
        ],
        [],
    )


def test_a_block_that_does_not_add_up_is_refused_whole_and_the_others_are_read() -> None:
    wrong = MT940.replace("C55000,00", "C5500,00")

    lines, errors = read_mt940(wrong + MT940)

    assert len(lines) == 2
    assert [error.number for error in errors] == [1]
    assert "saldo" in errors[0].message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        MT940.replace(":61:200408", ":61:209999"),
        MT940.replace("55000,00", "55000,50"),
        MT940.replace(":62F:C200408IDR36000,00\n", ""),
        MT940.replace(":60F:", ":99F:"),
    ],
)
def test_mt940_that_cannot_be_read_is_an_error_and_no_line(text: str) -> None:
    lines, errors = read_mt940(text)

    assert lines == [] and all(isinstance(error, BadLine) for error in errors) and len(errors) == 1
