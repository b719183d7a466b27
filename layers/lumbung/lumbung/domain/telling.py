"""How far telling a notice is: it is sent once, and in doubt once more.

Whoever sends claims the notice's record first, so that of two who are to send one does. A worker that is gone, or
a provider that was asked and did not answer in time, leaves it open whether the message went out.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lumbung.domain.notice import Notice

# While a notice is being sent nobody else sends it; longer than the function that sends may run.
LEASE = timedelta(seconds=180)
MOST_IN_DOUBT = 2  # how often a notice is sent, at most, when nobody knows whether it was
SENDING, WAITING, SENT, UNREACHABLE, IN_DOUBT = "sending", "waiting", "sent", "unreachable", "in_doubt"


@dataclass(frozen=True, slots=True)
class Record:
    """How far telling a notice is: ids and words only.

    state   sending → sent, unreachable or in_doubt
            sending → waiting → sending                 it was surely not sent, and is tried again

    `doubts`: how often it was sent without anybody knowing whether it arrived at the provider. `refused`: which
    channels will never reach the person, and why.
    """

    notice: Notice
    state: str
    since: datetime
    doubts: int = 0
    channel: str | None = None
    reference: str | None = None
    refused: tuple[str, ...] = ()

    def step(self, now: datetime) -> str:
        """Return what is to be done when the notice comes again.

        state     since            doubts   step
        sent …                              told      nothing
        sending   within LEASE              wait      somebody is at it
        sending   longer ago       0        send      whoever was at it is gone: it may arrive twice
        sending   longer ago       1        give_up   it may have been sent twice already
        waiting                             send
        """
        if self.state == WAITING:
            return "send"
        if self.state != SENDING:
            return "told"
        if now - self.since < LEASE:
            return "wait"
        return "send" if self.doubts + 1 < MOST_IN_DOUBT else "give_up"

    def again(self, now: datetime) -> "Record":
        """Take it over, from one who failed or who is gone."""
        gone = self.state == SENDING
        return replace(self, state=SENDING, since=now, doubts=self.doubts + gone)

    def doubt(self) -> "Record":
        """Nobody knows whether it was sent: once more, but not for ever."""
        doubts = self.doubts + 1
        return replace(self, state=WAITING if doubts < MOST_IN_DOUBT else IN_DOUBT, doubts=doubts)


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice's record: made just now, by the one who asks (`new`), or there before."""

    record: Record
    new: bool
