"""Hold the roles of template.yaml against what the last whole run of the tests saw: `make rights`."""

import sys
from pathlib import Path

from infra.local.template import expanded
from infra.rights.difference import differences
from infra.rights.record import KEPT, kept

ROOT = Path(__file__).parents[2]


def main() -> int:
    if not KEPT.exists():
        print("no whole run has been seen yet: `make test` keeps what it sees", file=sys.stderr)
        return 2
    found = differences(expanded(ROOT / "template.yaml", {}), kept().used)
    print("\n".join(found) or "each role grants what its function uses, and nothing else")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
