"""Who read whose data."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch import api as dispatch
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.people import Caller
from lumbung.runtime import deps, readers
from ordering import api
from payments import api as payments
from tests.integration.conftest import Reply, call
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, office

__all__ = ["office"]

SPAN = "from=2020-04-07T00:00:00Z&to=2020-04-08T00:00:00Z"


def readings(more: str = "") -> Any:
    return call(api.handler, "GET", f"/v1/readings?{SPAN}{more}", caller=OPERATOR, at=DURING).json["items"]


def read(handler: Any, path: str, by: Caller, at: Any = DURING) -> Reply:
    return call(handler, "GET", path, caller=by, at=at)


def test_whoever_reads_of_others_is_written_down_and_who_reads_of_themselves_is_not(office: Office) -> None:
    made = office.order(office.wave(), member=a_member(1)).json
    office.order(office.wave(), key="2", member=a_member(2))
    at = f"/v1/dropoffs/{office.dropoff}"
    read(api.handler, f"/v1/orders/{made['id']}", a_member(1))
    assert readings() == []

    read(api.handler, f"{at}/orders?wave_id={made['wave_id']}", PIC)
    read(api.handler, f"/v1/orders/{made['id']}", OPERATOR, DURING + timedelta(hours=1))

    both = {"mem-1", "mem-2"}
    assert [(one["by"], one["route"], set(one["people"])) for one in readings()] == [
        (PIC.id, "GET /v1/dropoffs/{dropoff_id}/orders", both),
        (OPERATOR.id, "GET /v1/orders/{order_id}", {"mem-1"}),
    ]
    assert [one["by"] for one in readings(f"&by={PIC.id}")] == [PIC.id]
    assert len(readings("&person_id=mem-2")) == 1
    assert readings()[0]["roles"] == ["pic"]


def test_every_function_that_people_call_writes_it_down() -> None:
    assert {module.api._end for module in (api, payments, dispatch)} == {readers.end}


def test_who_reads_of_riders_is_written_down(office: Office) -> None:
    body = {"name": "Joko", "phone": "081311112222", "plate": "B 1234 XYZ"}
    path = f"/v1/dropoffs/{office.dropoff}/riders"
    made = call(dispatch.handler, "POST", path, body, caller=PIC, key="r", at=DURING).json

    read(dispatch.handler, path, PIC)

    assert [(one["by"], one["people"]) for one in readings()] == [(PIC.id, [made["id"]])]


def test_nobody_is_answered_who_could_not_be_written_down(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = office.order(office.wave(), member=a_member(1)).json

    def fails(*_: Any) -> None:
        raise ProviderUnavailable("no")

    monkeypatch.setattr(deps.readings(), "add", fails)
    answer = read(api.handler, f"/v1/orders/{made['id']}", OPERATOR)

    assert (answer.status, "Siti" in answer.text) == (503, False)


def test_the_notice_of_a_breach_names_what_when_and_whom_to_tell_by_when(office: Office) -> None:
    made = office.order(office.wave(), member=a_member(1)).json
    read(api.handler, f"/v1/orders/{made['id']}", PIC)
    read(api.handler, f"/v1/orders/{made['id']}", OPERATOR, DURING + timedelta(minutes=1))

    path = f"/v1/readings/breach-notice?{SPAN}&by={PIC.id}"
    told = read(api.handler, path, OPERATOR, DURING + timedelta(days=1)).json

    assert (told["people"], told["readers"], told["tell_by"]) == (["mem-1"], [PIC.id], "2020-04-11T03:00:00Z")
    assert "milik 1 orang" in told["text"]
    assert "Selasa, 7 April 2020 pukul 10.00 WIB" in told["text"]
    assert "paling lambat Sabtu, 11 April 2020 pukul 10.00 WIB" in told["text"]
    assert read(api.handler, path, PIC).status == 403
    nothing = path.replace(PIC.id, "somebody")
    assert read(api.handler, nothing, OPERATOR).status == 404


@pytest.mark.parametrize("span", ["", "from=yesterday&to=today", "from=2020-01-01T00:00:00Z&to=2020-04-08T00:00:00Z"])
def test_a_span_is_said_and_is_no_longer_than_a_month(office: Office, span: str) -> None:
    assert read(api.handler, f"/v1/readings?{span}", OPERATOR).status == 422
