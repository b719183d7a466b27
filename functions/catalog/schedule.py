"""Schedule entry point, every night: starts a run of every source that is configured, and later a look at every
cooperative of which something is listed.
"""

from typing import Any

from catalog.start_sync import start_sync
from lumbung.domain import ids, moments
from lumbung.domain.errors import Conflict
from lumbung.domain.sync import SOURCES
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.log import logger


def handler(event: dict[str, Any], context: Any) -> None:
    if event.get("start") == "looks":
        _start_looks(event["time"])
    else:
        _start_runs(event["time"])


def _start_runs(night: str) -> None:
    for source in SOURCES:
        if deps_catalog.syncs().source(source) is None:
            continue
        run_id = ids.derive("syn_", deps.id_secret(), source, night)  # the same for a repeated event
        try:
            start_sync(
                source, run_id=run_id, at=moments.parse(night), by="schedule", syncs=deps_catalog.syncs(),
                queue=deps.queue("SYNC_QUEUE"),
            )  # fmt: skip
            logger.info("sync started", sync_id=run_id, source=source)
        except Conflict as busy:
            logger.info("sync not started", source=source, reason=busy.detail)


def _start_looks(night: str) -> None:
    cooperatives = deps_catalog.listings().looked_at_nightly()
    looks = [
        {"look": ids.derive("lok_", deps.id_secret(), one, night), "cooperative": one, "time": night}
        for one in cooperatives
    ]
    deps.queue("SYNC_QUEUE").send_all(looks)
    logger.info("looks started", cooperatives=len(looks))
