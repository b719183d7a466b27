"""`python -m infra.monitoring` writes the template's watching; `--check` says whether it is what is declared."""

import sys
from pathlib import Path

from infra.monitoring.write import watched

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def main() -> int:
    text = TEMPLATE.read_text()
    wanted = watched(TEMPLATE, text)
    if wanted == text:
        return 0
    if "--check" in sys.argv:
        print("template.yaml does not watch what it declares: run `make interface`")
        return 1
    TEMPLATE.write_text(wanted)
    print("wrote template.yaml")
    return 0


if __name__ == "__main__":
    sys.exit(main())
