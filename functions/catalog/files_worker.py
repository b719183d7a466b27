"""Queue entry point: a file that was put in the bucket under `catalog/<source>/` starts a run of that source."""

from typing import Any
from urllib.parse import unquote_plus

from catalog.start_sync import line_up
from lumbung.domain import ids, moments
from lumbung.domain.feed import StoredFile
from lumbung.domain.sync import FILE_SOURCES
from lumbung.runtime import batch, deps, deps_catalog
from lumbung.runtime.log import logger


def take(message: dict[str, Any]) -> None:
    for event in message.get("Records", ()):  # S3 also sends a test event, which tells of no file
        _take_file(event["s3"]["object"], event["eventTime"])


def _take_file(told: dict[str, Any], put_at: str) -> None:
    file = StoredFile(unquote_plus(told["key"]), told["eTag"], told["size"])
    source = file.key.split("/")[1] if file.key.count("/") > 1 else ""
    if source not in FILE_SOURCES:
        logger.warning("file of no source", source=source[:40])
        return
    run_id = ids.derive("syn_", deps.id_secret(), file.key, told["sequencer"])  # the same for an event that comes twice
    line_up(
        file, source=source, run_id=run_id, at=moments.parse(put_at), syncs=deps_catalog.syncs(),
        queue=deps.queue("SYNC_QUEUE"),
    )  # fmt: skip
    logger.info("file lined up", sync_id=run_id, source=source, bytes=file.size)


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, take)
