"""`sam` in an environment of its own, made from its lock file once, and again when that changes."""

import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".venv-build"
UV = ROOT / ".venv" / "bin" / "uv"
LOCK = ROOT / "infra" / "locks" / "build.txt"


def prepare(python: Path) -> Path:
    """Return the `sam` to run."""
    made_from, wanted = HOME / "made-from", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not made_from.exists() or made_from.read_text() != wanted:
        print("making .venv-build: aws-sam-cli", flush=True)
        subprocess.run([str(python / "python3.13"), "-m", "venv", "--clear", str(HOME)], check=True)
        command = [str(UV), "pip", "install", "-q", "--compile-bytecode", "--require-hashes", "-r", str(LOCK)]
        subprocess.run([*command, "--python", str(HOME / "bin" / "python")], check=True)
        made_from.write_text(wanted)
    return HOME / "bin" / "sam"
