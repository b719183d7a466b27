"""Say whose products a source delivers where its rows do not say."""

from collections.abc import Sequence
from typing import Any

from catalog.ports import Syncs


def configure_source(source: str, cooperative_id: str, *, syncs: Syncs, first: Sequence[Any]) -> None:
    """From now on products of *source* that name no cooperative belong to *cooperative_id*, old and new ones."""
    syncs.write(*first, syncs.configure(source, cooperative_id))
