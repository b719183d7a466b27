"""The check after the build, on directories made for it; and the solver without what the build leaves out."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.build import check, prune, python313
from infra.build.planner_requirements import DRAWS

ROOT = Path(__file__).parents[2]
TEMPLATE = """
Resources:
  Layer: {Type: "AWS::Serverless::LayerVersion", Properties: {ContentUri: Layer}}
  DispatchPlanner: {Type: "AWS::Serverless::Function", Properties: {CodeUri: Planner}}
  OrderingApi: {Type: "AWS::Serverless::Function", Properties: {CodeUri: Api, Role: !GetAtt ApiRole.Arn}}
  Table: {Type: "AWS::DynamoDB::Table"}
"""


def module(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n")
    cached = path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc"
    cached.parent.mkdir(exist_ok=True)
    cached.write_bytes(b"compiled")


@pytest.fixture
def build(tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    for name in ("Layer/python/lumbung/a.py", "Planner/dispatch/planner.py", "Api/ordering/api.py"):
        module(tmp_path / name)
    for package in ("pyvrp", "numpy"):
        module(tmp_path / "Planner" / package / "it.py")
    return tmp_path


def faults(build):
    return list(check.faults(check.built(build)))


def test_a_good_build_has_no_faults(build):
    assert faults(build) == []
    assert [line.split()[0] for line in check.table(check.built(build)).splitlines()[1:]] == [
        "Layer",
        "DispatchPlanner",
        "OrderingApi",
    ]


def test_a_module_that_was_not_compiled_is_a_fault(build):
    (build / "Api/ordering/new.py").write_text("x = 1\n")

    assert faults(build) == ["OrderingApi: modules without their compiled form"]


def test_a_module_compiled_for_another_python_is_a_fault(build):
    (build / "Api/ordering/__pycache__/api.cpython-313.pyc").rename(
        build / "Api/ordering/__pycache__/api.cpython-311.pyc"
    )

    assert faults(build) == ["OrderingApi: modules without their compiled form"]


def test_only_the_planner_carries_the_solver(build):
    module(build / "Api/numpy/it.py")
    (build / "Planner/pyvrp").rename(build / "Planner/elsewhere")

    assert faults(build) == ["DispatchPlanner: lacks pyvrp", "OrderingApi: carries numpy"]


def test_what_is_too_large_with_its_layer_is_a_fault(build, monkeypatch):
    monkeypatch.setattr(check, "MAX_UNPACKED", 40)

    assert [fault for fault in faults(build) if "unpacked" in fault]


def test_pruning_keeps_the_services_in_use_and_what_all_services_share(tmp_path):
    data = tmp_path / "botocore" / "data"
    for name in ("dynamodb", "sqs", "secretsmanager", "ec2", "s3"):
        module(data / name / "2012-08-10" / "service.py")
    (data / "endpoints.json").write_text("{}")

    prune.prune(tmp_path)

    assert sorted(path.name for path in data.iterdir()) == ["dynamodb", "endpoints.json", "s3", "secretsmanager", "sqs"]


def test_where_there_is_no_python_3_13_nothing_is_found(monkeypatch):
    monkeypatch.setattr(python313, "_candidates", lambda: iter(["/nowhere/python3.13", "/bin/true"]))

    assert python313.find() is None


def test_the_solver_solves_without_what_draws():
    script = f"""
import sys
for name in {sorted(DRAWS)!r}:
    sys.modules[name.replace("pillow", "PIL").replace("python-dateutil", "dateutil")] = None
from dispatch.solver import find_routes
from lumbung.domain.packing import Capacity
from lumbung.domain.routing import Load, Problem
loads = [Load(name, 0, dict(), 5000, 0.0, 0.0) for name in "ab"]
print(find_routes(Problem(loads, [[0, 5, 6], [5, 0, 2], [6, 2, 0]], Capacity(stops=2))))
"""
    paths = f"{ROOT / 'functions'}:{ROOT / 'layers' / 'lumbung'}"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env={"PYTHONPATH": paths})

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[[0, 1]]"
