"""People are told what has happened to their orders: each notice once, by the first channel that reaches them.

A batch is claimed in one write before anything is sent, and what came of it is noted in one after. A worker that is
gone in between leaves its batch in doubt, and each of it goes out once more, whatever its kind: a text names its
order and, where it is about money, the time, so that twice the same reads as the same, and one that never comes may
cost somebody their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.errors import InDoubt, LumbungError, ProviderUnavailable, Stale, Undeliverable
from lumbung.domain.letter import Channel, Letter
from lumbung.domain.notice import Notice
from lumbung.domain.people import Person
from lumbung.domain.permission import may_use
from lumbung.domain.telling import IN_DOUBT, SENDING, SENT, UNREACHABLE, WAITING, Record
from notices.ports import Records

FORBIDDEN = "forbidden by the person"


@dataclass(frozen=True, slots=True)
class Addressed:
    letter: Letter
    person: Person


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far telling a notice is, and why it is to come again, if it is."""

    state: str
    channel: str | None = None
    again: LumbungError | None = None


def tell_people(
    letters: Mapping[Notice, Addressed], *, now: datetime, records: Records, channels: Sequence[Channel]
) -> dict[Notice, Outcome]:
    """Send every letter that was not sent before, and return what came of each."""
    outcomes: dict[Notice, Outcome] = {}
    changes: list[tuple[Record, Record]] = []
    try:
        for notice, claim in records.claim(letters, now=now).items():
            try:
                record = claim.record if claim.new else _taken_over(claim.record, now, records)
            except Stale as busy:
                outcomes[notice] = Outcome(claim.record.state, again=busy)
                continue
            after, again = _tell(record, letters[notice], channels) if record.state == SENDING else (record, None)
            outcomes[notice] = Outcome(after.state, after.channel, again)
            if after is not record:
                changes.append((record, after))
    finally:
        records.save(changes)  # also when a bug ends the batch: what was sent must not be sent again
    return outcomes


def _taken_over(record: Record, now: datetime, records: Records) -> Record:
    """Return the record as this worker's own, or as it ended before; Stale while somebody else is at it."""
    match record.step(now):
        case "told":
            return record
        case "wait":
            raise Stale("this notice is being sent")
        case "give_up":
            after = replace(record, state=IN_DOUBT)
        case _:
            after = record.again(now)
    records.save([(record, after)])
    return after


def _tell(record: Record, addressed: Addressed, channels: Sequence[Channel]) -> tuple[Record, LumbungError | None]:
    try:
        return _sent(record, addressed, channels), None
    except InDoubt as unclear:
        after = record.doubt()
        return after, None if after.state == IN_DOUBT else unclear
    except ProviderUnavailable as unavailable:
        return replace(record, state=WAITING), unavailable


def _sent(record: Record, addressed: Addressed, channels: Sequence[Channel]) -> Record:
    refused = []
    for channel in channels:
        if (address := channel.address_of(addressed.person)) is None:
            continue
        if not may_use(channel.name, addressed.person.forbidden):
            refused.append(FORBIDDEN)
            continue
        try:
            reference = channel.send(address, addressed.letter)
        except Undeliverable as never:
            refused.append(never.detail)
            continue
        return replace(record, state=SENT, channel=channel.name, reference=reference, refused=tuple(refused))
    return replace(record, state=UNREACHABLE, refused=tuple(refused))
