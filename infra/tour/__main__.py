"""Look at the storefront on a stack of its own: `python -m infra.tour screenshots [folder] [only]`, `… lighthouse`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.replay.client import Stack
from infra.tour import lighthouse, screenshots
from infra.tour.browser import NoBrowser, program
from infra.tour.scene import set_up


def main() -> int:
    try:
        program()
    except NoBrowser as missing:
        print(missing, file=sys.stderr)
        return 1
    what, *more = sys.argv[1:]
    with serving(int(os.environ.get("PORT", "8080"))) as url:
        stack = Stack(url)
        scene = set_up(stack)
        if what == "lighthouse":
            return lighthouse.measure(stack, scene, *more)
        folder, only = (*more, "", "")[:2]
        return screenshots.take(stack, scene, Path(folder or "screenshots"), only)


@contextmanager
def serving(port: int) -> Iterator[str]:
    command = [sys.executable, "-m", "infra.local", "--port", str(port)]
    stack = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for line in stack.stdout or ():
            if line.startswith("ready "):
                yield line.split()[1]
                return
        raise SystemExit(stack.wait() or 1)
    finally:
        stack.terminate()
        stack.wait()


if __name__ == "__main__":
    sys.exit(main())
