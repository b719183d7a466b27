"""A national catalogue: memory that does not grow with the feed, and writes that follow what changed.

Compare within one run: each source's rows against the same rows read by the standard library alone. `make bench`
reads up to a million rows; without it the sizes only show that the measures work.
"""

import csv
import io
import json
import os
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any
from xml.etree.ElementTree import iterparse

import pytest

from lumbung.providers import isb, lkpp_v5
from lumbung.providers.peppol import Peppol
from lumbung.providers.sheet import rows_of
from tests.integration.feed import a_produk
from tests.unit.catalog.test_peppol_lines import NAMES, a_line

LARGEST = int(os.environ.get("CATALOG_ROWS", "2000"))
SIZES = (LARGEST // 100, LARGEST // 10, LARGEST)
AT_ONCE = min(LARGEST, 20_000)  # rows of one round of a benchmark


def a_list(rows: int) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the test's process
    file.write(b"sku;nama;harga\n")
    for n in range(rows):
        file.write(f"B{n};Beras Premium {n % 50 + 1} kg;Rp{(n % 50 + 1) * 11}.000 \n".encode())
    file.seek(0)
    return file


def a_catalogue(rows: int) -> IO[bytes]:
    file, line = tempfile.TemporaryFile(), a_line(sku="SKU-@").encode()  # noqa: SIM115 - as above
    file.write(f"<Catalogue {NAMES}>".encode())
    for n in range(rows):
        file.write(line.replace(b"@", str(n).encode()))
    file.write(b"</Catalogue>")
    file.seek(0)
    return file


def of_list(file: IO[bytes]) -> Iterator[Any]:
    return rows_of(file, {})


def of_catalogue(file: IO[bytes]) -> Iterator[Any]:
    return Peppol("http://127.0.0.1:9")._lines(file)


def peak_kb(make: Callable[[int], IO[bytes]], read: Callable[[IO[bytes]], Iterator[Any]], rows: int) -> int:
    with make(rows) as file:
        tracemalloc.start()
        seen = sum(1 for _ in read(file))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert seen == rows
    return peak // 1024


@pytest.mark.parametrize(("make", "read"), [(a_list, of_list), (a_catalogue, of_catalogue)], ids=["sheet", "peppol"])
def test_memory_does_not_grow_with_the_feed(
    benchmark: Any, capsys: pytest.CaptureFixture[str], make: Any, read: Any
) -> None:
    peaks = benchmark.pedantic(lambda: [peak_kb(make, read, rows) for rows in SIZES], rounds=1)

    with capsys.disabled():
        sys.stdout.write("\n" + "; ".join(f"{n:,} rows: {kb:,} KB" for n, kb in zip(SIZES, peaks, strict=True)) + "\n")
    if LARGEST >= 100_000:  # smaller lists fit into the buffers they are read through
        assert peaks[2] < 2 * peaks[1]


@pytest.mark.parametrize("reader", ["ours", "floor"])
def test_rows_of_a_list(benchmark: Any, reader: str) -> None:
    content = a_list(AT_ONCE).read()

    def ours() -> int:
        return sum(1 for _ in rows_of(io.BytesIO(content), {}))

    def floor() -> int:
        return sum(1 for _ in islice(csv.reader(io.StringIO(content.decode()), delimiter=";"), 1, None))

    assert benchmark.pedantic({"ours": ours, "floor": floor}[reader], rounds=3) == AT_ONCE


@pytest.mark.parametrize("reader", ["ours", "floor"])
def test_lines_of_a_catalogue(benchmark: Any, reader: str) -> None:
    content = a_catalogue(AT_ONCE).read()

    def ours() -> int:
        return sum(1 for _ in of_catalogue(io.BytesIO(content)))

    def floor() -> int:
        return sum(element.tag.endswith("}CatalogueLine") for _, element in iterparse(io.BytesIO(content)))  # noqa: S314 - our own lines

    assert benchmark.pedantic({"ours": ours, "floor": floor}[reader], rounds=3) == AT_ONCE


@pytest.mark.parametrize("source", ["lkpp_v5", "isb", "floor"])
def test_rows_of_pages(benchmark: Any, source: str) -> None:
    detail = {"kd_produk": 1, "nama_produk": "Beras Premium 5 kg", "harga": "55000.00", "active": 1}
    page = json.dumps([detail if source == "isb" else a_produk()] * 500)
    to_row = {"lkpp_v5": lkpp_v5.to_row, "isb": isb.to_row, "floor": dict}[source]

    assert benchmark.pedantic(lambda: len([to_row(row) for row in json.loads(page)]), rounds=20) == 500
