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
import timeit
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any
from xml.etree.ElementTree import iterparse

import pytest

from lumbung.providers import inaproc, isb, lkpp_v5
from lumbung.providers.feed_file import Opened
from lumbung.providers.peppol import Peppol
from lumbung.providers.sheet import rows_of
from tests.integration.feed import a_produk
from tests.unit.catalog.test_peppol_lines import NAMES, a_line

LARGEST = int(os.environ.get("CATALOG_ROWS", "2000"))
SIZES = (LARGEST // 100, LARGEST // 10, LARGEST)
AT_ONCE = min(LARGEST, 20_000)  # rows of one round of a benchmark
Reader = Callable[[], int]


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
    return Peppol(lambda: Opened(file, "its mark"))._lines(file)


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


def of_pages(to_row: Callable[[Any], Any], row: Any) -> tuple[Reader, Reader]:
    """Return how a source's pages of five hundred rows are read, and how the standard library alone reads them."""
    page = json.dumps([row] * 500)
    pages = AT_ONCE // 500
    return (
        lambda: sum(1 for _ in range(pages) for row in json.loads(page) if to_row(row)),
        lambda: sum(len(json.loads(page)) for _ in range(pages)),
    )


def readers() -> dict[str, tuple[Reader, Reader]]:
    detail = {"kd_produk": 1, "nama_produk": "Beras Premium 5 kg", "harga": "55000.00", "active": 1}
    listed = {"kd_produk": "X1", "nama_produk": "Beras Premium 5 kg", "status_produk_tayang": True}
    table, catalogue = a_list(AT_ONCE).read(), a_catalogue(AT_ONCE).read()
    return {
        "inaproc": of_pages(lambda row: inaproc.to_row(row, "S", {"X1": [55_000]}), listed),
        "isb": of_pages(isb.to_row, detail),
        "lkpp_v5": of_pages(lkpp_v5.to_row, a_produk()),
        "sheet": (
            lambda: sum(1 for _ in rows_of(io.BytesIO(table), {})),
            lambda: sum(1 for _ in islice(csv.reader(io.StringIO(table.decode()), delimiter=";"), 1, None)),
        ),
        "peppol": (
            lambda: sum(1 for _ in of_catalogue(io.BytesIO(catalogue))),
            lambda: sum(element.tag.endswith("}CatalogueLine") for _, element in iterparse(io.BytesIO(catalogue))),  # noqa: S314 - our own lines
        ),
    }


@pytest.mark.parametrize("source", ["inaproc", "isb", "lkpp_v5", "peppol", "sheet"])
def test_rows_of_a_source_against_the_standard_library(
    benchmark: Any, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    ours, floor = readers()[source]
    took, alone = (min(timeit.repeat(reader, number=1, repeat=3)) for reader in (ours, floor))

    assert benchmark.pedantic(ours, rounds=1) == AT_ONCE

    with capsys.disabled():
        sys.stdout.write(f"\n{source}: {AT_ONCE / took:,.0f} rows a second, {took / alone:.1f} times the floor")
