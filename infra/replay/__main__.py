"""`make run`: start the stack in April 2020, replay two waves on it, show what came out, and keep serving.

ONCE=1 ends instead, with 1 if a figure is off. PORT= changes the port, LOGS= keeps the functions' logs in a folder.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from infra.replay import facts
from infra.replay.client import Stack
from infra.replay.findings import Figure, figures
from infra.replay.handout import Handout
from infra.replay.market import SLOT, Market
from infra.replay.office import open_wave, prepare
from infra.replay.screen import console, show_figures, show_wave

START = facts.wib(7, 7)


def main() -> int:
    port = int(os.environ.get("PORT", "8080"))
    with serving(port) as url:
        found = replay(Stack(url))
        wrong = [figure for figure in found if not figure.right]
        console.print(f"[red]{len(wrong)} figures are off[/]" if wrong else "[green]every figure is right[/]")
        console.print(f"replay done, serving {url}", highlight=False)
        if os.environ.get("ONCE"):
            return 1 if wrong else 0
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


@contextmanager
def serving(port: int) -> Iterator[str]:
    """Run the local stack as a child process until the block ends."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    command = [sys.executable, "-m", "infra.local", "--port", str(port), "--start", START.isoformat()]
    if logs := os.environ.get("LOGS"):
        command += ["--logs", logs]
    stack = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=_own_signals)
    try:
        for line in stack.stdout or ():
            console.print(line.rstrip(), highlight=False)
            if line.startswith("ready "):
                yield line.split()[1]
                return
        raise SystemExit(stack.wait() or 1)
    finally:
        stack.terminate()
        stack.wait()


def _own_signals() -> None:
    """The stack hears signals again, in a group of its own: only the replay tells it to end."""
    os.setpgrp()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})


def replay(stack: Stack) -> list[Figure]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[doing]}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        programme = prepare(stack)
        waves: dict[str, str] = {}
        happened = {}
        for seed, wave_facts in enumerate(facts.WAVES):
            wave = open_wave(programme, wave_facts)
            waves[wave_facts.name] = wave["id"]
            market = Market(programme, wave_facts, wave, seed)
            slots = int((wave_facts.payment_due - wave_facts.opens) / SLOT)
            task = progress.add_task(wave_facts.name, total=slots + 6, doing="ordering and paying")
            for slot in market.run():
                progress.update(task, advance=1, doing=f"{slot.astimezone(facts.WIB):%a %H:%M}")
            handout = Handout(programme, wave_facts, wave, market)
            for step in (handout.confirm_supply, handout.hand_over_cash, handout.receive_goods,
                         handout.send_home, handout.hand_out, handout.pay_cooperative):  # fmt: skip
                progress.update(task, doing=step.__name__.replace("_", " "))
                step()
                progress.advance(task)
            happened[wave_facts.name] = dict(market.happened)
    for name, wave_id in waves.items():
        show_wave(name, programme.operator.get(f"/v1/waves/{wave_id}/report"), happened[name])
    found = figures(programme.operator, waves, programme.cooperative_id)
    show_figures(found)
    return found


if __name__ == "__main__":
    sys.exit(main())
