"""Print the planner's lock without what only draws: PyVRP solves without matplotlib, at less than half the size."""

import re
import sys
from pathlib import Path

DRAWS = frozenset(
    {
        "colorama",
        "contourpy",
        "cycler",
        "fonttools",
        "kiwisolver",
        "matplotlib",
        "packaging",
        "pillow",
        "pyparsing",
        "python-dateutil",
        "six",
    }
)


def without_drawing(lock: str) -> str:
    """Return *lock* without the packages that draw; a package is its line and the indented ones after it."""
    packages = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)
    return "".join(p for p in packages if p.partition("==")[0] not in DRAWS)


if __name__ == "__main__":
    print(without_drawing(Path(sys.argv[1]).read_text()), end="")
