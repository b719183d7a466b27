"""Build what is deployed: `sam build` without Docker, then everything compiled and weighed.

`python -m infra.build` needs a Python 3.13 on the machine; the result is in .aws-sam/build.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from infra.build import check, environment, python313

ROOT = Path(__file__).parents[2]
OUT = ROOT / ".aws-sam" / "build"


def main() -> int:
    python = python313.find()
    if python is None:
        print(python313.NEEDED, file=sys.stderr)
        return 1
    sam, began = environment.prepare(python), time.monotonic()
    _sam_build(sam, python)
    everything = check.built(OUT)
    for directory in {thing.directory for thing in everything if not thing.is_layer}:
        _finish(directory, python)
    print(check.table(everything))
    wrong = list(check.faults(everything))
    for fault in wrong:
        print(f"not deployable: {fault}", file=sys.stderr)
    print(f"built in {time.monotonic() - began:.1f} s: {OUT}")
    return 1 if wrong else 0


def _sam_build(sam: Path, python: Path) -> None:
    environ = {
        **os.environ,
        "PATH": f"{python}{os.pathsep}{os.environ['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": "ap-southeast-3",
        "LUMBUNG_ROOT": str(ROOT),  # the makefiles run in a copy of their own directory
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    environ.pop("PYTHONPATH", None)  # of the tests: neither sam nor pip is to find our modules
    command = [str(sam), "build", "--template", str(ROOT / "template.yaml"), "--build-dir", str(OUT)]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)


def _finish(directory: Path, python: Path) -> None:
    """Leave only what runs, and its compiled form: a function without it starts half a second later."""
    (directory / "Makefile").unlink(missing_ok=True)
    if directory.name != "Storefront":  # which alone carries the web client
        shutil.rmtree(directory / "storefront", ignore_errors=True)
    for stale in list(directory.rglob("__pycache__")):
        shutil.rmtree(stale)
    compiling = ["-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", str(directory)]
    subprocess.run([str(python / "python3.13"), *compiling], check=True)


if __name__ == "__main__":
    sys.exit(main())
