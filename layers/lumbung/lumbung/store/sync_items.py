"""A sync run as an item of the catalogue table."""

from typing import Any

from lumbung.domain.feed import StoredFile
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.sync import Counts, Run
from lumbung.store import keys
from lumbung.store.table import Item

_PLAIN = (
    "source", "started_by", "status", "phase", "cursor", "offset", "total", "shifted", "active", "missing", "aside",
    "held_reason", "failure", "tag", "version",
)  # fmt: skip
_MOMENTS = ("started_at", "moved_at", "finished_at")


def to_item(run: Run) -> Item:
    item: Item = {
        **keys.run(run.id),
        "kind": "RUN",
        **{name: getattr(run, name) for name in _PLAIN},
        **{name: to_ms(at) for name in _MOMENTS if (at := getattr(run, name))},
        "counts": run.counts.as_dict(),
        "file": [run.file.key, run.file.tag, run.file.size] if run.file else None,
    }
    if run.status == "waiting":
        item |= {"list_key": keys.waiting(run.source), "list_sort": f"{to_ms(run.started_at):015d}#{run.id}"}
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Run:
    values: dict[str, Any] = {name: item[name] for name in _PLAIN if name in item}
    values |= {name: from_ms(item[name]) for name in _MOMENTS if name in item}
    file = StoredFile(*item["file"]) if "file" in item else None
    return Run(id=item["pk"].partition("#")[2], counts=Counts(**item["counts"]), file=file, **values)
