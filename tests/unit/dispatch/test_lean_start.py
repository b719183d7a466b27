"""What is loaded before the first event: no function waits for what it does not need."""

import pytest

from tests.unit.starting import ROOT, loaded_by

SOLVER = ("pyvrp", "numpy", "dispatch.solver")
LEAN = (
    *("webhook", "lalamove_webhook", "grab_webhook", "gosend_webhook"),
    *("planner", "worker", "stream", "orders_stream", "schedule"),
)
PLUMBING = ("pydantic", "lumbung.runtime.http", "lumbung.runtime.schema", "boto3", "aws_xray_sdk")


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
