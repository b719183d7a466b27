"""Finding the Python that Lambda runs: what is compiled for deployment is compiled with that version."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

VERSION = (3, 13)
NEEDED = """\
make build needs a Python 3.13, because that is what the functions run on, and found none.
Install one and put it on the PATH as python3.13: `pyenv install 3.13`, `uv python install 3.13`,
or your system's package. Everything else (make run, make test) works with Python 3.11 or newer."""


def find() -> Path | None:
    """Return the directory to put first on the PATH: its `python3.13` is one, and runs."""
    for candidate in _candidates():
        if directory := _directory_of(candidate):
            return directory
    return None


def _candidates() -> Iterator[str]:
    if sys.version_info[:2] == VERSION:
        yield str(Path(sys.base_prefix) / "bin" / "python3.13")
    if found := shutil.which("python3.13"):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for versions in (pyenv / "versions", Path.home() / ".local" / "share" / "uv" / "python"):
        yield from (str(path) for path in sorted(versions.glob("*3.13*/bin/python3.13"), reverse=True))


def _directory_of(program: str) -> Path | None:
    """Ask *program* where it lives; a shim that has no version behind it only looks like one."""
    question = "import sys; print(sys.version_info[:2] == (3, 13), sys.base_prefix)"
    try:
        answer = subprocess.run([program, "-c", question], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    right, _, prefix = answer.stdout.strip().partition(" ")
    directory = Path(prefix) / "bin"
    return directory if right == "True" and (directory / "python3.13").exists() else None
