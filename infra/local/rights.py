"""What each function has asked AWS for since the stack was started: what its role has to allow."""

from collections.abc import Mapping

from infra.local.runtime_api import Outcome
from infra.rights.asked import Ask
from infra.rights.record import Record, Told, called_by_the_template


class Rights:
    """*ids*: the template's names of functions and resources, by their names here."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        self._ids = ids
        self._record = Record()

    def heard(self, outcome: Outcome) -> None:
        """Remember what an invocation was the first of its worker to ask for."""
        asked = (called_by_the_template(Ask(*ask), self._ids) for ask in outcome.meter.get("asked", ()))
        if outcome.function:
            self._record.add(self._ids[outcome.function], asked)

    def told(self) -> Told:
        return self._record.told()
