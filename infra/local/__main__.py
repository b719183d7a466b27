"""Serve the local stack: python -m infra.local --port 8080 [--data DIR] [--start MOMENT]."""

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from infra.local.clock import moment
from infra.local.engine import EngineDied
from infra.local.intrinsics import Unresolvable
from infra.local.settings import REPOSITORY, UnknownSecret
from infra.local.simulators import SimulatorsDied
from infra.local.stack import Options, PortTaken, running
from infra.local.support import NotRunHere

_PLAIN = (PortTaken, EngineDied, NotRunHere, Unresolvable, UnknownSecret, SimulatorsDied)
"""What a person can act on without a traceback."""


def main() -> int:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="lumbung-") as scratch:
        options = Options(
            template=asked.template.resolve(),
            port=asked.port,
            scratch=_folder(asked.logs or asked.data or Path(scratch)),
            data=_folder(asked.data) if asked.data else None,
            start=moment(asked.start) if asked.start else None,
            simulators=not asked.no_simulators,
        )
        try:
            asyncio.run(_serve(options))
        except _PLAIN as error:
            print(error, file=sys.stderr)
            return 1
    return 0


async def _serve(options: Options) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with running(options) as url:
        print(f"logs in {options.scratch}\nready {url}", flush=True)
        await stopped.wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="the simulators take the next one")
    parser.add_argument("--data", type=Path, help="folder to remember everything in between runs")
    parser.add_argument("--start", help="RFC 3339 moment that the stack's clock starts at")
    parser.add_argument("--template", type=Path, default=REPOSITORY / "template.yaml")
    parser.add_argument("--logs", type=Path, help="folder for the functions' and the engine's logs")
    parser.add_argument("--no-simulators", action="store_true", help="do not start the providers' simulators")
    return parser.parse_args()


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


if __name__ == "__main__":
    sys.exit(main())
