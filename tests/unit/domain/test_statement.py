"""What a line of a bank's statement is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.errors import InvalidState
from lumbung.domain.payment import Payment
from lumbung.domain.statement import Entry, Expected, Line, explain_payment, line_ids, match

AT = datetime(2020, 4, 8, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def a_line(amount: int = 100, text: str = "", reference: str = "", number: int = 1) -> Line:
    return Line(number, AT, amount, reference, text)


VA = Expected("pay_1", 100, AT - 9 * DAY, marks=("8127800001",), account="gateway:snap")
PAID = Expected("trf_1", -100, AT, marks=("BRI-77",), names=("Koperasi Tani Mulus",))
SAME = Expected("trf_2", -100, AT + 3 * DAY, names=("Koperasi Sumber Rejeki",))
FAR = Expected("trf_3", -100, AT + 4 * DAY)


@pytest.mark.parametrize(
    ("line", "known", "found", "reason"),
    [
        pytest.param(a_line(text="VA 8127800001 SITI"), [PAID, VA], "pay_1", None, id="by virtual account"),
        pytest.param(a_line(99, text="VA 8127800001"), [VA], None, "amount_differs", id="its account, another amount"),
        pytest.param(a_line(-100, reference="bri-77"), [SAME, PAID], "trf_1", None, id="by the bank's reference"),
        pytest.param(a_line(-100), [SAME, FAR], "trf_2", None, id="the only one near"),
        pytest.param(a_line(-100), [FAR], None, "no_match", id="too long ago"),
        pytest.param(a_line(100), [PAID], None, "no_match", id="the other way"),
        pytest.param(a_line(-100, "KOPERASI SUMBER REJEKI"), [PAID, SAME], "trf_2", None, id="by name"),
        pytest.param(a_line(-100, "KOPERASI"), [PAID, SAME], None, "ambiguous", id="several, and half a name"),
    ],
)
def test_a_line_is_matched(line: Line, known: list[Expected], found: str | None, reason: str | None) -> None:
    matched = match(line, known)

    assert (matched.found.id if matched.found else None, matched.reason) == (found, reason)


def a_payment(**changes: Any) -> Payment:
    known = Payment("pay_1", "ord_1", "wav_1", "drp_1", "midtrans", "qris", 100, AT, status="settled", received=100)
    return replace(known, **changes)


@pytest.mark.parametrize(
    ("line", "payment", "reason"),
    [
        pytest.param(a_line(100), a_payment(), None, id="paid"),
        pytest.param(a_line(99), a_payment(), "amount_differs", id="another amount"),
        pytest.param(a_line(100), a_payment(received=0), "amount_differs", id="reversed since"),
        pytest.param(a_line(100), None, "unknown_payment", id="not ours"),
        pytest.param(a_line(100), a_payment(provider="xendit"), "other_provider", id="paid elsewhere"),
        pytest.param(a_line(30), a_payment(returned={"a": 30, "b": 20}), None, id="one of two refunds"),
        pytest.param(a_line(50), a_payment(returned={"a": 30, "b": 20}), None, id="two refunds in one line"),
        pytest.param(a_line(40), a_payment(returned={"a": 30, "b": 20}), "amount_differs", id="neither"),
    ],
)
def test_a_provider_s_line_is_explained(line: Line, payment: Payment | None, reason: str | None) -> None:
    said = replace(line, reference="pay_1", what="refund" if payment and payment.returned else "payment")

    explained = explain_payment(said, "midtrans", payment)

    assert explained.reason == reason
    assert (explained.found is None) == (reason is not None)


def test_a_line_has_the_same_id_in_every_file_and_equal_lines_have_two() -> None:
    first = [id_ for id_, _ in line_ids("mt940", [a_line(number=1), a_line(number=2), a_line(5, number=3)])]
    later = [id_ for id_, _ in line_ids("mt940", [a_line(7, number=1), a_line(number=9)])]

    assert len(set(first)) == 3
    assert later[1] == first[0]
    assert next(line_ids("bank_csv", [a_line()]))[0] != first[0]


def test_a_line_is_resolved_once() -> None:
    resolved = Entry("lin_1", "stm_1", "mt940", a_line(), "unmatched").resolve("bunga", by="op", at=AT)

    assert (resolved.status, resolved.detail) == ("resolved", "bunga")
    with pytest.raises(InvalidState):
        resolved.resolve("lain", by="op", at=AT)
