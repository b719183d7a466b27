"""The programme office says by NIP who counts as staff of an institution."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lumbung.domain import nip
from lumbung.domain.staff_import import StaffImport
from ordering.staff_ports import Lists

BATCH = 100  # lines that are looked up, and written, together


def import_staff(
    begun: StaffImport, lines: Sequence[tuple[int, str]], *, digest: Callable[[str], str], lists: Lists
) -> StaffImport:
    """Put the sound ones of *lines* (line number, NIP) on the list, and return what has become of all.

    Doing it again under the same id counts what a crash has left behind as it was counted then.
    """
    done = begun
    for start in range(0, len(lines), BATCH):
        done = _take(done, lines[start : start + BATCH], digest, lists)
    return done


def _take(
    done: StaffImport, lines: Sequence[tuple[int, str]], digest: Callable[[str], str], lists: Lists
) -> StaffImport:
    faults: list[tuple[int, str]] = []
    sound: dict[str, int] = {}
    for line, number in lines:
        if reason := nip.fault(number):
            faults.append((line, reason))
        else:
            sound.setdefault(digest(number), line)  # the first of equals
    before = lists.find_many(done.institution_id, list(sound))
    new = {key: line for key, line in sound.items() if key not in before}
    if new:
        lists.add(done.institution_id, new, import_id=done.id, at=done.at)
    ours = sum((found.import_id, found.line) == (done.id, sound[key]) for key, found in before.items())
    accepted = len(new) + ours
    return replace(
        done,
        accepted=done.accepted + accepted,
        known=done.known + len(lines) - len(faults) - accepted,
        faults=(*done.faults, *faults),
    )
