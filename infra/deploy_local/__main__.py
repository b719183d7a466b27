"""Deploy template.yaml as it is into an engine that enforces rights, and go a smoke journey there.

`python -m infra.deploy_local`: exit 0 when the order was confirmed and every role did what it may and no more.
Everything that it starts ends with it.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from infra.deploy_local import hand_out, journey, processes, rights
from infra.deploy_local.deployment import NotDeployed, deploy

_MEMORY, _ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - a folder of our own is made in it


def main() -> int:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    with tempfile.TemporaryDirectory(prefix="lumbung-", dir=_place()) as folder:
        scratch = Path(folder)
        try:
            _deploy_and_try(scratch, say)
        except (processes.NotThere, NotDeployed, journey.Off, rights.Wrong) as failure:
            print(f"failed: {failure}", file=sys.stderr)
            for log in scratch.glob("*.log"):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-6000:]}", file=sys.stderr)
            return 1
    say("all stopped")
    return 0


def _place() -> Path | None:
    """Return memory, where the machine has it: the engine unpacks the layer for each function, 50,000 files in all."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None


def _deploy_and_try(scratch: Path, say: processes.Say) -> None:
    port = processes.free_port()
    with processes.engine(scratch) as url:
        say("engine with AUTH=true")
        deployment = deploy(url, simulators=f"http://127.0.0.1:{port}")
        say(f"deployed {len(deployment.names)} resources")
        rights.check(deployment, say)
        with processes.simulators(scratch, port, deployment.api) as simulators:
            confirmed = journey.run(deployment, simulators, say)
            hand_out.run(deployment, confirmed, say)


if __name__ == "__main__":
    sys.exit(main())
