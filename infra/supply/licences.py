"""Under which licences others' packages are that we deploy: infra/supply/licences.md, written from the locks.

`python -m infra.supply.licences` writes it, `--check` tells whether it is as the locks say and all are accepted.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker

from infra.build.planner_requirements import without_drawing

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("licences.md")
LOCKS = {
    "every function": "layers/lumbung/requirements.txt",
    "DispatchPlanner": "infra/locks/planner.txt",
    "PaymentsStatements": "infra/locks/importer.txt",
    "CatalogWorker": "infra/locks/matcher.txt",
}
# Lets us deploy, change and keep closed what is ours; MPL-2.0 asks for its own files only, which we do not change.
ACCEPTED = frozenset(
    {"0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0",
     "PSF-2.0", "Unlicense", "Zlib"}
)  # fmt: skip
_SPDX = {  # by what packages without a licence expression say instead
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_LAMBDA = {
    "python_version": "3.13",
    "python_full_version": "3.13.0",
    "sys_platform": "linux",
    "platform_machine": "aarch64",
}
_PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+?)(?: ; (.+?))? \\$", re.MULTILINE)
_HEAD = """\
# Licences of what is deployed

Written by `make licences` from the locks.

| package | licence | carried by |
|---|---|---|
"""


class Unknown(LookupError):
    """Which licence a package is under is neither listed nor said by what is installed."""


class Carried(NamedTuple):
    package: str
    version: str
    by: str


def carried() -> Iterator[Carried]:
    """Yield what the locks pin for Lambda's Python."""
    for by, lock in LOCKS.items():
        text = (ROOT / lock).read_text()
        for name, version, marker in _PINNED.findall(without_drawing(text) if by == "DispatchPlanner" else text):
            if not marker or Marker(marker).evaluate(_LAMBDA):
                yield Carried(name, version, by)


def listed(text: str) -> dict[str, str]:
    """Return the licence by package and version, as a list says it."""
    rows = (line.split("|") for line in text.removeprefix(_HEAD).splitlines())
    return {cells[1].strip(): cells[2].strip() for cells in rows}


def written(known: Mapping[str, str]) -> str:
    """Return the list: what is *known* of a version stays so, the rest is read from what is installed."""
    rows = [(f"{name} {version}", by) for name, version, by in sorted(carried())]
    return _HEAD + "".join(f"| {name} | {known.get(name) or _installed(name)} | {by} |\n" for name, by in rows)


def accepted(licence: str) -> bool:
    """Tell whether we accept an SPDX expression: one of its alternatives, with each of that one's parts.

    MIT                 yes
    MPL-2.0 AND MIT     yes
    GPL-3.0 OR MIT      yes     we choose
    MIT AND LGPL-3.0    no
    """
    return any(set(choice.split(" AND ")) <= ACCEPTED for choice in licence.split(" OR "))


def _installed(named: str) -> str:
    name, version = named.split(" ")
    try:
        told = metadata(name).json
    except PackageNotFoundError:
        raise Unknown(named) from None
    if told["version"] != version:
        raise Unknown(f"{named}; {told['version']} is installed")
    classified = [c.rpartition(" :: ")[2] for c in told.get("classifier", []) if c.startswith("License ::")]
    said = told.get("license_expression") or " OR ".join(_SPDX.get(c, c) for c in classified) or told.get("license")
    if not said:
        raise Unknown(named)
    return str(said)


def main(check: bool) -> int:
    before = LIST.read_text() if LIST.exists() else ""
    after = written(listed(before))
    refused = [f"{name}: {licence}" for name, licence in listed(after).items() if not accepted(licence)]
    for line in refused:
        print(f"not accepted: {line}", file=sys.stderr)
    if check and before != after:
        print("the licences are not as the locks say; `make licences` writes them", file=sys.stderr)
    elif not check:
        LIST.write_text(after)
    return 1 if refused or (check and before != after) else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
