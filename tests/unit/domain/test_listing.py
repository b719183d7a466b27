"""What of a pack stands in the sixth e-catalogue, and what the next workbook is to do about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.listing import (
    ADD,
    CHANGE,
    END,
    LAG,
    Entry,
    Line,
    Listing,
    Shown,
    Workbook,
    entry,
    sku_in,
    standing,
)  # fmt: skip
from lumbung.domain.product import Pack, Product

AT = datetime(2020, 4, 7, 3, tzinfo=UTC)
NAME = "Beras Premium 5 kg [lumbung B5]"
WANTED = Entry(NAME, 55_000, 5_000, "rice")
DEARER = replace(WANTED, price=57_000)
HERE, HIDDEN, OTHER = Shown("n1", NAME, True), Shown("n1", NAME, False), Shown("n1", "Beras", True)


def a_listing(**more) -> Listing:
    return Listing("cop_1", "B5", "prd_1", **{"written": WANTED, "action": ADD, **more})


@pytest.mark.parametrize(
    ("wanted", "listing", "state", "action"),
    [
        pytest.param(WANTED, None, "desired", ADD, id="never listed"),
        pytest.param(WANTED, a_listing(workbook_id="w1"), "in_workbook", None, id="waits for a workbook's result"),
        pytest.param(DEARER, a_listing(workbook_id="w1"), "in_workbook", None, id="waits, and changed meanwhile"),
        pytest.param(WANTED, a_listing(rejected="foto"), "rejected", None, id="refused as it still is"),
        pytest.param(DEARER, a_listing(rejected="foto"), "desired", ADD, id="refused, and changed since"),
        pytest.param(WANTED, a_listing(shown=HERE), "listed", None, id="shown as wanted"),
        pytest.param(DEARER, a_listing(shown=HERE), "differs", CHANGE, id="another price is wanted"),
        pytest.param(WANTED, a_listing(shown=OTHER), "differs", CHANGE, id="shown under another name"),
        pytest.param(WANTED, a_listing(shown=HIDDEN), "differs", CHANGE, id="not shown to buyers"),
        pytest.param(WANTED, a_listing(shown=HERE, unsure=True), "differs", CHANGE, id="its workbook was thrown away"),
        pytest.param(WANTED, a_listing(shown=HERE, written=None), "differs", CHANGE, id="listed by hand"),
        pytest.param(DEARER, a_listing(shown=HERE, rejected="x", written=DEARER), "rejected", None, id="refused"),
        pytest.param(None, None, None, None, id="neither sold nor listed"),
        pytest.param(None, a_listing(rejected="foto"), None, None, id="refused, and sold no more"),
        pytest.param(None, a_listing(workbook_id="w1"), "in_workbook", None, id="sold no more, result unknown"),
        pytest.param(None, a_listing(shown=HERE), "differs", END, id="shown, and sold no more"),
        pytest.param(None, a_listing(shown=HIDDEN), "withdrawn", None, id="neither sold nor shown"),
    ],
)
def test_a_pack_stands(wanted: Entry | None, listing: Listing | None, state: str | None, action: str | None) -> None:
    assert standing(wanted, listing) == (state, action)


def a_workbook(**more) -> Workbook:
    return Workbook("w1", "cop_1", "rice", AT, "usr_office", (), **more)


@pytest.mark.parametrize(
    ("action", "shown", "workbook", "days", "known"),
    [
        pytest.param(ADD, HERE, {}, 0, True, id="added, shown, though nobody said that it was uploaded"),
        pytest.param(ADD, None, {"uploaded_at": AT}, 30, False, id="added, not shown: it may still come"),
        pytest.param(ADD, None, {"discarded_at": AT}, 0, False, id="thrown away just now"),
        pytest.param(ADD, None, {"discarded_at": AT}, 1, True, id="thrown away, and not there a day later"),
        pytest.param(ADD, HERE, {"discarded_at": AT}, 0, True, id="thrown away, and uploaded all the same"),
        pytest.param(CHANGE, HERE, {}, 9, False, id="changed, not uploaded"),
        pytest.param(CHANGE, HERE, {"uploaded_at": AT}, 0, False, id="changed, uploaded just now"),
        pytest.param(CHANGE, HERE, {"uploaded_at": AT}, 1, True, id="changed, uploaded a day ago"),
        pytest.param(CHANGE, OTHER, {"uploaded_at": AT}, 1, False, id="changed, still under its old name"),
        pytest.param(CHANGE, None, {"uploaded_at": AT}, 1, False, id="changed, not shown"),
        pytest.param(CHANGE, HERE, {"discarded_at": AT}, 1, True, id="a change thrown away"),
        pytest.param(END, None, {"uploaded_at": AT}, 0, True, id="ended, gone"),
        pytest.param(END, HIDDEN, {}, 0, True, id="ended, hidden"),
        pytest.param(END, HERE, {"uploaded_at": AT}, 9, False, id="ended, still shown"),
    ],
)
def test_what_became_of_a_line(action: str, shown: Shown | None, workbook: dict, days: int, known: bool) -> None:
    waiting = a_listing(action=action, workbook_id="w1", shown=None if action == ADD else HERE)

    after = waiting.observe(shown, a_workbook(**workbook), at=AT + days * LAG)

    assert (after.workbook_id is None) is known
    assert after.unsure is (known and "discarded_at" in workbook)


def test_what_was_shown_once_and_is_gone_keeps_its_number() -> None:
    after = a_listing(shown=HERE).observe(None, None, at=AT)

    assert after.shown == HIDDEN


def test_what_was_said_to_be_refused_and_is_there_was_not_refused() -> None:
    refused = a_listing(workbook_id="w1").reject("foto")

    after = refused.observe(HERE, None, at=AT + timedelta(days=1))

    assert (after.rejected, standing(WANTED, after)) == (None, ("listed", None))


def test_a_new_workbook_starts_anew() -> None:
    refused = a_listing(workbook_id="w1", shown=HERE, unsure=True).reject("foto")

    again = refused.put_into("w2", Line(CHANGE, "B5", DEARER, "n1"), "prd_1")

    assert (again.workbook_id, again.written, again.rejected, again.unsure) == ("w2", DEARER, None, False)


def test_a_packs_name_carries_our_number() -> None:
    product = Product("prd_1", "Beras Premium", "rice", attributes={"tkdn": 40, "halal": None, "brand": "Mulus"})

    said = entry(product, Pack("B5", 5_000, 55_000))

    assert said == replace(WANTED, told={"tkdn": 40})
    assert (sku_in(said.name), sku_in("Beras Premium 5 kg"), sku_in("x [lumbung A [1]]")) == ("B5", None, "A [1]")
