"""What is loaded when a function starts: each entry module is imported in a process of its own."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYER, FUNCTIONS = ROOT / "layers" / "lumbung", ROOT / "functions"
STARTED = ("api", "webhook", "worker", "schedule", "stream", "nightly", "planner", "token")
# Forked from one that has loaded what every function does: to load that anew for each would take ten times as long.
_START_EACH = """
import importlib, json, os, sys
import botocore.session, aws_lambda_powertools.logging
for module in sys.argv[1:]:
    if os.fork() == 0:
        try:
            importlib.import_module(module)
            print(json.dumps([module, list(sys.modules)]), flush=True)
        finally:
            os._exit(0)
    os.wait()
"""


def entry_modules() -> list[str]:
    """Return the modules that the platform starts, as `context.module`."""
    return sorted(
        f"{path.parent.name}.{path.stem}"
        for path in FUNCTIONS.glob("*/*.py")
        if path.stem in STARTED or path.stem.endswith(("_stream", "_webhook", "_worker"))
    )


def loaded_by(module: str) -> frozenset[str]:
    """Return what is in `sys.modules` once *module* (one of `entry_modules`) has been imported."""
    return _loaded()[module]


@cache
def _loaded() -> dict[str, frozenset[str]]:
    run = subprocess.run(
        [sys.executable, "-c", _START_EACH, *entry_modules()],
        env={"PYTHONPATH": f"{LAYER}:{FUNCTIONS}", "POWERTOOLS_SERVICE_NAME": "lumbung"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {module: frozenset(names) for module, names in map(json.loads, run.stdout.splitlines())}
