"""Secrets that lie in the repository: looked for with detect-secrets' patterns, and with those of our providers.

Nothing is asked of anybody. What is found and known is in KNOWN, with the reason. The local stack's own secrets, which
the README lists, and those of examples say of themselves what they are. Passwords without a shape of their own are
ruff's to find (S105–S107).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector

ROOT = Path(__file__).parents[2]
_MADE_UP = re.compile("lumbung-|dummy", re.IGNORECASE)
KNOWN: Mapping[tuple[str, str], str] = {
    ("infra/simulators/snap_key.py", "Private Key"): "the local bank's, whose other half the tests trust",
}
# Not looked for: what has no shape of its own, and addresses.
_SHAPELESS = {"KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector"}
_LEFT_OUT = {"locks", "package-lock.json"}  # hashes of packages
_MADE = {".git", ".aws-sam", "__pycache__", "node_modules", "built", "generated"}  # what others wrote, and what is made


class Leak(NamedTuple):
    file: str
    kind: str
    secret: str


class OurProviders(RegexBasedDetector):
    """Keys as the providers' consoles hand them out (protocols of Midtrans, Xendit, Biteship, Lalamove, Meta)."""

    secret_type = "Key of a provider"
    denylist = (
        re.compile(r"\b(?:SB-)?Mid-(?:server|client)-[\w-]{8,}"),
        re.compile(r"\bxnd_(?:production|development)_[\w-]{8,}"),
        re.compile(r"\bbiteship_(?:live|test)\.[\w.-]{8,}"),
        re.compile(r"\b[ps]k_(?:prod|test)_[\w-]{8,}"),
        re.compile(r"\bEAA[A-Za-z0-9]{60,}"),
    )


def leaks(root: Path = ROOT) -> Iterator[Leak]:
    """Yield what looks like a secret in the files below *root*, and is neither known nor made up."""
    theirs: list[Any] = list(get_mapping_from_secret_type_to_class().values())
    detectors = [detector() for detector in (*theirs, OurProviders) if detector.__name__ not in _SHAPELESS]
    for file in _files(root):
        name, text = str(file.relative_to(root)), file.read_text(errors="ignore")
        for detector in detectors:
            for secret in detector.analyze_string(text):
                if not _MADE_UP.search(secret) and (name, detector.secret_type) not in KNOWN:
                    yield Leak(name, detector.secret_type, secret)


def _files(root: Path) -> Iterator[Path]:
    for entry in sorted(root.iterdir()):
        if entry.name.startswith(".venv") or entry.name in _MADE | _LEFT_OUT or "_cache" in entry.name:
            continue
        if entry.is_dir():
            yield from _files(entry)
        else:
            yield entry
