"""What a bank is answered about a bill of ours."""

from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.bill import ACCEPTED, LAPSED, PAID, WRONG_AMOUNT, Bill, customer_numbers

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)
BILL = Bill("   12345", "000000000123", "pay_1", 265_000, AT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("bill", "after", "paid", "verdict"),
    [
        pytest.param(BILL, 0, None, ACCEPTED, id="asked about"),
        pytest.param(BILL, 0, 265_000, ACCEPTED, id="the whole amount"),
        pytest.param(BILL, 3_599, 265_000, ACCEPTED, id="in the last second"),
        pytest.param(BILL, 3_600, 265_000, LAPSED, id="a second late"),
        pytest.param(BILL, 0, 264_999, WRONG_AMOUNT, id="too little"),
        pytest.param(BILL, 0, 265_001, WRONG_AMOUNT, id="too much"),
        pytest.param(BILL, 0, 0, WRONG_AMOUNT, id="nothing"),
        pytest.param(BILL, 0, -1, WRONG_AMOUNT, id="cents"),
        pytest.param(BILL.pay(AT), 0, None, PAID, id="paid before"),
        pytest.param(BILL.pay(AT), 7_200, 265_000, PAID, id="paid before, and late"),
        pytest.param(BILL.close(), 0, 265_000, LAPSED, id="closed"),
    ],
)
def test_a_bill_is_paid_whole_in_time_and_once(bill: Bill, after: int, paid: int | None, verdict: str) -> None:
    assert bill.verdict(AT + timedelta(seconds=after), paid=paid) == verdict


def test_the_number_has_its_spaces_and_is_shown_without() -> None:
    assert (BILL.number, BILL.shown) == ("   12345000000000123", "12345000000000123")


def test_a_payment_s_numbers_are_always_the_same_and_nobody_else_s() -> None:
    numbers = list(customer_numbers("pay_1"))

    assert numbers == list(customer_numbers("pay_1"))
    assert len(set(numbers)) == len(numbers) == 5
    assert all(len(number) == 12 and number.isdigit() for number in numbers)
    assert not set(numbers) & set(customer_numbers("pay_2"))
