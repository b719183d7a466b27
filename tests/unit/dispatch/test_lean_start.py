"""What is loaded before the first event: no function waits for what it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOLVER = ("pyvrp", "numpy", "dispatch.solver")
LEAN = (
    *("webhook", "lalamove_webhook", "grab_webhook", "gosend_webhook"),
    *("planner", "worker", "stream", "orders_stream", "schedule"),
)
PLUMBING = ("pydantic", "lumbung.runtime.http", "lumbung.runtime.schema", "boto3", "aws_xray_sdk")


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sys.modules)"
    path = f"{ROOT / 'functions'}:{ROOT / 'layers/lumbung'}"
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("entry", ["api", *LEAN])
def test_nothing_loads_the_solver_before_there_is_something_to_plan(entry):
    assert not loaded_by(f"dispatch.{entry}") & set(SOLVER)


@pytest.mark.parametrize("entry", LEAN)
def test_only_the_api_loads_what_http_needs(entry):
    assert not loaded_by(f"dispatch.{entry}") & set(PLUMBING)


def test_only_the_solver_imports_pyvrp():
    users = [p for p in (ROOT / "functions").rglob("*.py") if "import pyvrp" in p.read_text() or
             "from pyvrp" in p.read_text()]  # fmt: skip

    assert users == [ROOT / "functions/dispatch/solver.py"]
