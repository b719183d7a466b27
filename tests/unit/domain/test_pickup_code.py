"""The member's code."""

from lumbung.domain.pickup_code import drawn, is_right, pickup_code


def test_a_code_is_six_digits_and_always_the_same():
    codes = {pickup_code(b"secret", f"ord_{n}") for n in range(200)}

    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 195
    assert pickup_code(b"secret", "ord_1") == pickup_code(b"secret", "ord_1")
    assert pickup_code(b"secret", "ord_1") != pickup_code(b"other", "ord_1")


def test_only_the_orders_own_code_is_right():
    code = pickup_code(b"secret", "ord_1")

    assert is_right(b"secret", "ord_1", code)
    assert not is_right(b"secret", "ord_2", code)
    assert not is_right(b"secret", "ord_1", "kode é")


def test_what_is_drawn_names_order_and_code():
    assert drawn("ord_1", "012345") == "LUMBUNG:ord_1:012345"
