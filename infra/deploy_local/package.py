"""Code as archives: the functions as they are, and the layer with this environment's packages, all compiled.

`make build` makes the layer for Lambda's machine. Here it has to run on this one, so the same locked packages are
taken from the environment that runs the tests. Of packages only the compiled form is taken: the engine unpacks the
layer for each function anew.
"""

import io
import marshal
import re
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path

from infra.build.prune import SERVICES

ROOT = Path(__file__).parents[2]
_HEADER = 16  # bytes before the code in a compiled module
_UNCHECKED = (1).to_bytes(4, "little")  # valid whatever the source's date is, as the build makes them too


def functions() -> bytes:
    home = ROOT / "functions"
    return _archive(((path, str(path.relative_to(home))) for path in _sources(home)), installed=())


def layer() -> bytes:
    layer = ROOT / "layers" / "lumbung"
    ours = ((path, f"python/{path.relative_to(layer)}") for path in _sources(layer / "lumbung"))
    return _archive(ours, installed=_packages((layer / "requirements.txt").read_text()))


def _packages(lock: str) -> Iterator[tuple[Path, str]]:
    """Yield the files of every package that *lock* names, as installed here."""
    for name in re.findall(r"^([a-z0-9_-]+)==", lock, re.MULTILINE):
        for file in distribution(name).files or []:
            if not _is_left_out(file.parts):
                yield Path(str(file.locate())), f"python/{file}"


def _is_left_out(parts: tuple[str, ...]) -> bool:
    told = parts[-1] != "METADATA" and parts[0].endswith(".dist-info")  # packages read their own version there
    if told or "__pycache__" in parts or ".." in parts:
        return True
    in_data = parts[:2] == ("botocore", "data") and len(parts) > 3
    return in_data and parts[2] not in SERVICES


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.name != "Makefile":
            yield path


def _archive(files: Iterable[tuple[Path, str]], *, installed: Iterable[tuple[Path, str]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for kept, group in ((False, files), (True, installed)):
            for path, name in group:
                if path.suffix == ".py":
                    archive.writestr(f"{name}c" if kept else cache_from_source(name), _compiled(path, name, kept=kept))
                if path.suffix != ".py" or not kept:
                    archive.write(path, name)
    return buffer.getvalue()


def _compiled(path: Path, name: str, *, kept: bool) -> bytes:
    """Return the module compiled; *kept*: as it was compiled when it was installed, where it was."""
    source, cached = path.read_bytes(), Path(cache_from_source(str(path)))
    if kept and cached.exists():
        code = cached.read_bytes()[_HEADER:]
    else:
        code = marshal.dumps(compile(source, name, "exec", dont_inherit=True))
    return MAGIC_NUMBER + _UNCHECKED + source_hash(source) + code
