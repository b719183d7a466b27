"""The built web client, as files: which one a path shows, and how long it may be kept.

path                         shows          kept
/assets/app-3f9c2a1b.js      that file      for a year: its name says what is in it
/icon.svg, /sw.js            that file      asked about each time, by its ETag
/, /gelombang/wav_1, …       index.html     asked about each time, by its ETag
/assets/gone.js, /x.png      nothing
/v1/nothing                  nothing: paths of the interface are never pages
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

BUILT = Path(__file__).parent / "built"
PAGE = "index.html"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
PACKED = {"br": ".br", "gzip": ".gz"}  # the smaller one first
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it goes out: its bytes in *coding*, or as they are."""

    body: bytes
    kind: str
    cache: str
    tag: str
    coding: str | None


def find(path: str, accepts: str = "", built: Path = BUILT) -> File | None:
    """Return what *path* shows, in the smallest coding that the reader *accepts*; None where there is nothing."""
    name = path.lstrip("/")
    if not _is_there(built, name):
        if name == "v1" or name.startswith(("v1/", "assets/")) or "." in name.rpartition("/")[2]:
            return None
        name = PAGE
    coding = next((word for word, end in PACKED.items() if word in accepts and _is_there(built, name + end)), None)
    body = (built / (name + PACKED[coding] if coding else name)).read_bytes()
    return File(
        body=body,
        kind=_KINDS.get(Path(name).suffix, "application/octet-stream"),
        cache=FOR_EVER if name.startswith("assets/") else ASK_FIRST,
        tag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        coding=coding,
    )


def _is_there(built: Path, name: str) -> bool:
    """Whether *name* is a file that was built: no path leads out of the folder."""
    file = (built / name).resolve() if name.isprintable() else built
    return file.is_relative_to(built.resolve()) and file.is_file()
