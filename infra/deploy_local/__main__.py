"""Deploy template.yaml as it is into an engine that enforces rights, and go a smoke journey there.

`python -m infra.deploy_local`: exit 0 when the order was confirmed and every role did what it may and no more.
Everything that it starts ends with it.
"""

import sys
import tempfile
import time
from pathlib import Path

from infra.deploy_local import journey, processes, rights
from infra.deploy_local.deployment import NotDeployed, deploy


def main() -> int:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    with tempfile.TemporaryDirectory(prefix="lumbung-") as folder:
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


def _deploy_and_try(scratch: Path, say: processes.Say) -> None:
    port = processes.free_port()
    with processes.engine(scratch) as url:
        say("engine with AUTH=true")
        deployment = deploy(url, simulators=f"http://127.0.0.1:{port}")
        say(f"deployed {len(deployment.names)} resources")
        rights.check(deployment, say)
        with processes.simulators(scratch, port, deployment.api) as simulators:
            journey.run(deployment, simulators, say)


if __name__ == "__main__":
    sys.exit(main())
