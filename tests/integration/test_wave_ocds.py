"""What a wave's purchases came to is open data: whole releases, one for each correction, and nobody in them."""

import json
from datetime import datetime
from typing import Any

import pytest

from ordering import api
from tests.integration.office import OPERATOR, Office, a_member, office
from tests.integration.test_dispatch_corrections import Scene, scene
from tests.integration.test_ordering_closing import FROZEN, drain

__all__ = ["office", "scene"]

# What the release schema 1.1.5 requires of each part.
PACKAGE = {"uri", "version", "publishedDate", "publisher", "releases"}
RELEASE = {"ocid", "id", "date", "tag", "initiationType"}
CONTRACT = {"id", "awardID"}


def read(scene: Scene) -> Any:
    answer = scene.office.get(f"/v1/feeds/ocds/waves/{scene.wave['id']}", caller=None)
    assert answer.status == 200, answer.text
    return answer.json


@pytest.fixture
def ordered(scene: Scene) -> dict[str, Any]:
    """The purchase order of the scene's only cooperative."""
    path = f"/v1/waves/{scene.wave['id']}/purchase-orders?cooperative_id={scene.office.cooperative}"
    return dict(scene.office.get(path).json)


def test_a_release_has_what_the_standard_requires_and_the_purchase_orders_totals(
    scene: Scene, ordered: dict[str, Any]
) -> None:
    package = read(scene)
    [release] = package["releases"]

    assert package.keys() >= PACKAGE
    assert package["version"] == "1.1"
    assert release.keys() >= RELEASE
    assert (release["tag"], release["initiationType"]) == (["tender", "award", "contract"], "tender")
    assert release["ocid"] == f"ocds-xxxxxx-{scene.wave['id']}"
    assert datetime.fromisoformat(release["date"]).tzinfo is not None
    [contract], [award] = release["contracts"], release["awards"]
    assert contract.keys() >= CONTRACT
    assert (contract["id"], contract["awardID"]) == (ordered["number"], award["id"])
    assert contract["value"] == award["value"] == {"amount": ordered["totals"]["value"], "currency": "IDR"}
    assert release["tender"]["value"] == contract["value"]
    assert [(item["quantity"], item["unit"]["value"]["amount"]) for item in contract["items"]] == [
        (ordered["totals"]["packs"], 55_000)
    ]
    assert {party["id"] for party in release["parties"]} == {"lumbung", scene.office.cooperative}


def test_a_correction_makes_another_release_and_leaves_the_first(scene: Scene) -> None:
    before = read(scene)["releases"]
    assert scene.correct(0, 3).status == 201

    first, second = read(scene)["releases"]

    assert [first] == before
    assert (second["id"], second["tag"]) == (f"{first['ocid']}/1", ["awardUpdate", "contractUpdate"])
    assert second["date"] >= first["date"]
    assert first["tender"]["value"]["amount"] - second["tender"]["value"]["amount"] == 55_000


def test_a_wave_that_is_called_off_ends_its_contracts_and_leaves_what_was_released(scene: Scene) -> None:
    before = read(scene)["releases"]
    path = f"/v1/waves/{scene.wave['id']}/cancellation"
    ended = scene.office.http(
        api.handler, "POST", path, {"reason": "Panen gagal"}, caller=OPERATOR, key="off", at=FROZEN
    )
    assert ended.status == 200, ended.text
    drain()

    first, last = read(scene)["releases"]

    assert [first] == before
    assert (last["tag"], last["contracts"][0]["status"]) == (["awardCancellation", "contractTermination"], "cancelled")
    assert last["contracts"][0]["value"] == first["contracts"][0]["value"]


def test_nobody_is_in_it(scene: Scene) -> None:
    told = json.dumps(read(scene))

    people = [a_member(n) for n in range(3)]
    assert not [word for who in people for word in (who.id, who.name, str(who.phone)) if word and word in told]
    assert not [order_id for order_id in scene.made if order_id in told]


def test_a_wave_that_is_not_allocated_has_none(office: Office) -> None:
    assert office.get(f"/v1/feeds/ocds/waves/{office.wave()['id']}", caller=None).json["code"] == "invalid_state"
    assert office.get("/v1/feeds/ocds/waves/wav_none", caller=None).status == 404
