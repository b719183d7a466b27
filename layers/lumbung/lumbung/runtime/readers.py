"""Notes who has read whose data, for every request, from what was opened: no route can forget to say so."""

from lumbung.domain.reading import Reading
from lumbung.runtime import deps
from lumbung.runtime.http import Call, Route


def begin() -> None:
    """A request begins: nothing was read for it yet."""
    deps.keyring().opened.clear()


def end(call: Call, route: Route) -> None:
    """Write down what was read of others, before the answer goes out. What the public may read is not."""
    reader = call.reader or (None if route.public else call.caller.id)
    if reader is None:
        return
    own = {reader} if route.public else set(call.caller.ids)
    if others := deps.keyring().opened - own:
        roles = frozenset() if route.public else call.caller.roles
        read = Reading(call.request_id, call.at, reader, roles, f"{route.method} {route.path}", frozenset(others))
        deps.readings().add(read)
