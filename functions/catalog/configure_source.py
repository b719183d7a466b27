"""Say whose products a source delivers where its rows do not say, and what its columns mean."""

from collections.abc import Sequence
from typing import Any

from catalog.ports import Syncs
from lumbung.domain.sync import Source


def configure_source(source: Source, *, syncs: Syncs, first: Sequence[Any]) -> None:
    """From now on products of *source* that name no cooperative belong to its own, old and new ones."""
    syncs.write(*first, syncs.configure(source))
