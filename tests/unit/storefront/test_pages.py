"""Which file a path shows, and how long it may be kept."""

from pathlib import Path

import pytest

from storefront.pages import find


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    for name, body in {
        "index.html": b"<!doctype html>",
        "index.html.br": b"packed",
        "index.html.gz": b"zipped",
        "sw.js": b"//",
        "assets/app-3f9c2a1b.js": b"1",
    }.items():
        (tmp_path / name).write_bytes(body)
    (tmp_path.parent / "secret.txt").write_text("secret")
    return tmp_path


@pytest.mark.parametrize("path", ["/", "/gelombang/wav_1", "/pesanan", "/loket/manifest"])
def test_every_page_of_the_client_is_the_one_page(built, path):
    file = find(path, built=built)

    assert (file.body, file.kind, file.cache) == (b"<!doctype html>", "text/html; charset=utf-8", "no-cache")


def test_a_file_named_by_its_content_is_kept_for_ever(built):
    assert find("/assets/app-3f9c2a1b.js", built=built).cache == "public, max-age=31536000, immutable"
    assert find("/sw.js", built=built).cache == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/assets/gone.js", "/gone.png", "/v1", "/v1/nothing", "/../secret.txt", "/assets/../../secret.txt", "/a\0b.js"],
)
def test_what_is_not_there_is_no_page(built, path):
    assert find(path, built=built) is None


def test_the_smallest_form_that_the_reader_takes_goes_out_with_a_tag_of_its_own(built):
    forms = [find("/", accepts, built) for accepts in ("gzip, br", "gzip", "")]

    assert [(f.body, f.coding) for f in forms] == [(b"packed", "br"), (b"zipped", "gzip"), (b"<!doctype html>", None)]
    assert len({f.tag for f in forms}) == 3
