"""What is printed, and what strangers typed into it."""

import csv
import io

import pytest

from dispatch import manifest
from lumbung.domain.people import Person
from lumbung.domain.spreadsheet import FORMULA
from tests.unit.dispatch.fakes import an_order


def rows(*names: str, **more: str) -> list[manifest.Row]:
    orders = [an_order(f"ord_{n}", packs=n + 1, status="at_dropoff", **more) for n in range(len(names))]
    people = {f"m{n}": Person(f"m{n}", name, "+6281234567890") for n, name in enumerate(names)}
    from dataclasses import replace

    return manifest.rows([replace(o, member_id=f"m{n}") for n, o in enumerate(orders)], people)


def test_people_stand_in_the_order_of_their_names():
    assert [row.person.name for row in rows("Zul", "agus", "Budi")] == ["agus", "Budi", "Zul"]


@pytest.mark.parametrize("status", ["pending", "none"])
def test_who_gets_nothing_is_not_on_it(status):
    assert manifest.rows([an_order(status=status)], {"m1": Person("m1", "Agus")}) == []


def test_the_totals_are_what_lies_on_the_floor():
    [(line, packs)] = manifest.totals(rows("a", "b", "c"))

    assert (line.offer_id, packs) == ("off_a", 6)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_name_is_a_formula_in_a_spreadsheet(name):
    sheet = list(csv.reader(io.StringIO(manifest.as_csv(rows(name)))))

    assert all(not cell.startswith(FORMULA) for line in sheet for cell in line)
    assert sheet[1][1] == f"'{name}"


def test_no_name_is_markup_on_the_page():
    page = manifest.as_html(rows("<script>alert(1)</script>"), title="Gelombang <I> & II")

    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "Gelombang &lt;I&gt; &amp; II" in page
    assert page.count("<th>Tanda tangan</th>") == 1


def test_the_page_has_a_place_to_sign_in_each_row_and_the_totals_below():
    page = manifest.as_html(rows("a", "b", "c"), title="Gelombang I")
    list_, _, sums = page.partition("<h2>Jumlah</h2>")

    assert list_.count("<td></td></tr>") == 3
    assert "<td>Beras 5 kg</td><td>6</td><td>30</td>" in sums
