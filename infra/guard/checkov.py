"""What checkov finds in templates, from an environment of its own: it needs a hundred packages."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.guard.check import Finding

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / ".venv-checks" / "bin" / "checkov"


def found(templates: Sequence[Path]) -> set[Finding]:
    """Return what checkov finds wrong, with nothing fetched from anywhere."""
    files = [option for template in templates for option in ("--file", str(template))]
    command = [str(PROGRAM), "--framework", "cloudformation", "--skip-download", "--quiet", "--soft-fail"]
    ran = subprocess.run([*command, "--output", "json", *files], capture_output=True, text=True, check=True, cwd=ROOT)
    return read(json.loads(ran.stdout))


def read(report: Any) -> set[Finding]:
    if report["summary"]["parsing_errors"] or not report["summary"]["resource_count"]:
        raise ValueError(f"checkov could not read the templates: {report['summary']}")
    return {
        Finding(Path(failed["file_path"]).name, failed["check_id"], failed["resource"].rpartition(".")[2])
        for failed in report["results"]["failed_checks"]
    }
