"""`python -m infra.guard 2026-11-24` checks both templates as on that day; exit 1 when there is an objection."""

import sys
from datetime import date

from infra.guard import checkov
from infra.guard.exceptions import exemptions, objections
from infra.guard.templates import TEMPLATES, found


def main(on: date) -> int:
    said = list(objections(found() | checkov.found(TEMPLATES), exemptions(), on))
    for objection in said:
        print(objection)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(date.fromisoformat(sys.argv[1])))
