"""Schedule entry point, every night: starts a run of every source that is configured."""

from typing import Any

from catalog.start_sync import start_sync
from lumbung.domain import ids, moments
from lumbung.domain.errors import Conflict
from lumbung.domain.sync import SOURCES
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.log import logger


def handler(event: dict[str, Any], context: Any) -> None:
    at = moments.parse(event["time"])
    for source in SOURCES:
        if deps_catalog.syncs().source(source) is None:
            continue
        run_id = ids.derive("syn_", deps.id_secret(), source, event["time"])  # the same for a repeated event
        try:
            start_sync(
                source, run_id=run_id, at=at, by="schedule", syncs=deps_catalog.syncs(),
                queue=deps.queue("SYNC_QUEUE"),
            )  # fmt: skip
            logger.info("sync started", sync_id=run_id, source=source)
        except Conflict as busy:
            logger.info("sync not started", source=source, reason=busy.detail)
