"""The marks of what one run has seen, read on from where they were left: eight bytes a pack, and no more in memory."""

from array import array
from collections.abc import Iterator

MARK = 8  # bytes


class SeenMarks:
    """Those of one run, as far as they were read: up to the item whose sort key is *upto*."""

    def __init__(self, run_id: str, upto: str) -> None:
        self.run_id, self.upto = run_id, upto
        self._by_first_byte = [array("Q") for _ in range(256)]

    def read(self, upto: str, *parts: bytes) -> None:
        for part in parts:
            for mark in marks_of(part):
                self._by_first_byte[mark[0]].append(int.from_bytes(mark, "big"))
        self.upto = upto

    def __contains__(self, mark: bytes) -> bool:
        return int.from_bytes(mark, "big") in self._by_first_byte[mark[0]]


def marks_of(raw: bytes) -> Iterator[bytes]:
    return (raw[at : at + MARK] for at in range(0, len(raw), MARK))
