"""Which functions of the template a scenario reaches, and what each of them asks: seen as it runs, not declared."""

import importlib
import inspect
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from tests.faults.modes import MODES, can_happen
from tests.faults.seam import Seam
from tests.integration.conftest import template


def functions() -> set[str]:
    """Return the handlers of functions that may touch more than their log: others have no call that can fail."""
    resources = template()["Resources"]
    declared = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::Serverless::Function"]
    roles = {function["Handler"]: function["Role"]["!GetAtt"].partition(".")[0] for function in declared}
    return {handler for handler, role in roles.items() if "Policies" in resources[role]["Properties"]}


class Reached:
    """*scenarios*: by handler, which reach it. *points*: by handler, in how many ways its calls can fail."""

    def __init__(self) -> None:
        self.scenarios: dict[str, set[str]] = defaultdict(set)
        self.points: Counter[str] = Counter()
        self._handlers = {id(_code(handler)): handler for handler in functions()}  # equal lines make equal code
        self._inside: list[str] = []

    def see(self, scenario: str, act: Callable[[], Any]) -> None:
        """Do *act*, and note what it reaches."""

        def watch(frame: FrameType, event: str, _: Any) -> None:
            if handler := self._handlers.get(id(frame.f_code)):
                if event == "call":
                    self._inside.append(handler)
                    self.scenarios[handler].add(scenario)
                elif event == "return":
                    self._inside.pop()
            elif event == "call" and frame.f_code is Seam.call.__code__ and self._inside:
                asked = frame.f_locals["operation"], frame.f_locals["params"]
                self.points[self._inside[-1]] += sum(can_happen(mode, *asked) for mode in MODES)

        before = sys.getprofile()
        sys.setprofile(watch)
        try:
            act()
        finally:
            sys.setprofile(before)

    def table(self) -> str:
        rows = [f"{'function':40} scenarios  call × mode"]
        for handler in sorted(functions()):
            rows.append(f"{handler:40} {len(self.scenarios.get(handler, ())):9}  {self.points[handler]:11}")
        rows.append(f"{len(functions())} functions, {sum(self.points.values())} points")
        return "\n".join(rows)


def _code(handler: str) -> CodeType:
    module, _, name = handler.rpartition(".")
    found: Any = inspect.unwrap(getattr(importlib.import_module(module), name))
    return found.__code__
