"""The house rules: imports point inwards, contexts do not know each other, and start-up is lean."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.starting import FUNCTIONS, LAYER, ROOT, entry_modules, loaded_by

CONTEXTS = ("ordering", "payments", "dispatch", "catalog", "notices", "storefront")
POWERTOOLS = "aws_lambda_powertools"
# A module that a trigger starts, or that only such modules import to answer it.
ENTRY = ("api", "webhook", "worker", "schedule", "stream", "nightly", "planner", "token", "wired", "visible")
# A webhook reads a provider's format and a stream the store's own items: see infra/decisions.md.
READS_FORMATS = {"webhook": ("lumbung.providers", "lumbung.store"), "stream": ("lumbung.store",)}

MAY_IMPORT = {
    "lumbung.domain": ("lumbung.domain",),
    "lumbung.store": ("lumbung.domain", "lumbung.store", "botocore"),
    "lumbung.providers": (
        "lumbung.domain",
        "lumbung.providers",
        "urllib3",
        "defusedxml",
        "openpyxl",
        "cryptography",
        "botocore.exceptions",
    ),
    "lumbung.runtime": (
        "lumbung",
        "botocore",
        "boto3",
        POWERTOOLS,
        "pydantic",
        "pydantic_core",
        "holidays",
        "cryptography",
    ),
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            yield node.module or ""


def foreign(path: Path, allowed: tuple[str, ...]) -> list[str]:
    """Return what *path* imports besides the standard library and *allowed*."""
    return [
        name
        for name in imports(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == part or name.startswith(part + ".") for part in allowed)
    ]


def modules_of_layer() -> list[tuple[str, Path]]:
    return [(part, path) for part in MAY_IMPORT for path in sorted((LAYER / part.replace(".", "/")).rglob("*.py"))]


def modules_of_contexts() -> list[tuple[str, Path]]:
    return [(context, path) for context in CONTEXTS for path in sorted((FUNCTIONS / context).rglob("*.py"))]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT).with_suffix(""))


@pytest.mark.parametrize(
    ("part", "path"), [pytest.param(part, path, id=named(path)) for part, path in modules_of_layer()]
)
def test_the_layer_points_inwards(part: str, path: Path) -> None:
    assert foreign(path, MAY_IMPORT[part]) == []


def allowed_in_context(context: str, path: Path) -> tuple[str, ...]:
    name = path.stem
    if name in ENTRY or name.endswith(("_routes", "_route", "_stream", "_webhook", "_worker")):
        formats = READS_FORMATS.get(name.rpartition("_")[2], ("lumbung.store.table",))
        return ("lumbung.runtime", "lumbung.domain", context, POWERTOOLS, "pydantic", *formats)
    if name.endswith("schemas"):
        return ("lumbung.domain", "lumbung.runtime.schema", context, "pydantic")
    if name == "solver":
        return ("lumbung.domain", context, "pyvrp", "numpy")
    if name == "name_matcher":
        return ("lumbung.domain", "rapidfuzz")
    if name == "mt940_reader":
        return ("lumbung.domain", "mt940")
    return ("lumbung.domain", context)


@pytest.mark.parametrize(
    ("context", "path"), [pytest.param(context, path, id=named(path)) for context, path in modules_of_contexts()]
)
def test_a_context_knows_the_domain_and_itself(context: str, path: Path) -> None:
    assert foreign(path, allowed_in_context(context, path)) == []


def test_the_rules_can_be_broken(tmp_path: Path) -> None:
    intruder = tmp_path / "intruder.py"
    intruder.write_text("import json\nfrom payments.take_cash import take_cash\nimport requests\n")

    assert foreign(intruder, ("lumbung.domain", "ordering")) == ["payments.take_cash", "requests"]


HEAVY = ("pydantic", "cryptography", "boto3", "holidays", "pyvrp", "numpy", "mt940", "rapidfuzz", "aws_xray_sdk",
         f"{POWERTOOLS}.utilities.idempotency",
         f"{POWERTOOLS}.event_handler", "urllib3.contrib.emscripten")  # fmt: skip
NEEDED = {"api": ("pydantic", f"{POWERTOOLS}.event_handler"), "planner": (), "snap_token_webhook": ("cryptography",),
          "statements_stream": ("mt940",)}  # fmt: skip


@pytest.mark.parametrize("module", entry_modules())
def test_a_function_starts_without_what_it_does_not_need(module: str) -> None:
    """A cold start pays for every import: no pydantic where no stranger sends JSON bodies, no Tracer anywhere."""
    loaded = loaded_by(module)
    needed = NEEDED.get(module.partition(".")[2], ())
    assert [name for name in HEAVY if name in loaded and name not in needed] == []


def test_no_function_makes_a_client_before_it_is_called() -> None:
    script = "import botocore.session as s; s.Session.create_client = lambda *a, **k: 1/0\n" + "\n".join(
        f"import {module}" for module in entry_modules()
    )
    subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": f"{LAYER}:{FUNCTIONS}"}, check=True, capture_output=True
    )
