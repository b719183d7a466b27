"""Who counts as staff: lists, domains, codes and confirmation, through the real handlers, on moto."""

import json
from datetime import timedelta
from typing import Any

import pytest

from lumbung.domain.errors import ProviderUnavailable, Stale
from lumbung.domain.invitation import digest
from lumbung.domain.people import Caller
from lumbung.runtime import deps, deps_staff
from ordering import token
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import DURING, OPERATOR, PIC
from tests.integration.staff_world import NIPS, Register, a_member, an_event, register
from tests.integration.test_dispatch_rivals import rival

__all__ = ["register"]

SITI, BUDI = a_member(1), a_member(2)
OTHER_PIC = Caller("pic-2", frozenset({"pic"}))


def everything_kept() -> str:
    return json.dumps([list(deps.db().scan(deps.table(name))) for name in ("people", "orders")], default=sorted)


# -- lists of NIP


def test_a_list_says_line_by_line_what_became_of_it(register: Register) -> None:
    done = register.import_nips(NIPS[0], "1.96608E+17", " 19900913 202524 2 014", 196608011988031001, NIPS[0])

    assert done.status == 201, done.text
    assert [done.json[name] for name in ("accepted", "known", "refused")] == [2, 1, 2]
    assert done.json["faults"] == [{"line": 2, "reason": "Bukan 18 angka."}, {"line": 4, "reason": "Bukan 18 angka."}]
    again = register.import_nips(*NIPS, key="again").json
    assert (again["accepted"], again["known"], again["refused"]) == (1, 2, 0)
    assert register.send("GET", f"/v1/staff-imports/{done.json['id']}").json == done.json


def test_a_list_may_be_a_csv_file(register: Register) -> None:
    text = f"Nama;NIP\nSiti;{NIPS[0]}\nBudi;salah\n\nTono;{NIPS[1]}\n"
    path = f"/v1/institutions/{register.institution}/staff-imports"

    done = register.send("POST", path, text, headers={"content-type": "text/csv; charset=utf-8"})
    again = register.send("POST", path, text, headers={"content-type": "text/csv; charset=utf-8"})
    empty = register.send("POST", path, "NIP\n", key="e", headers={"content-type": "text/csv"})

    assert (done.json["accepted"], done.json["faults"]) == (2, [{"line": 3, "reason": "Bukan 18 angka."}])
    assert (again.json, again.headers["idempotency-replayed"]) == (done.json, "true")
    assert (empty.status, empty.json["code"]) == (422, "invalid_request")


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ordering.import_staff.BATCH", 3)


def test_a_list_of_many_is_taken_whole(register: Register, small_batches: None) -> None:
    nips = [f"198001012005011{number:03d}" for number in range(1, 9)]

    assert register.import_nips(*nips).json["accepted"] == 8
    assert register.ask(SITI, nip=nips[-1]).json["membership"]


@pytest.mark.parametrize("after", [False, True], ids=["before it takes effect", "after it took effect"])
def test_an_interrupted_list_counts_the_second_time_as_it_would_have_the_first(
    register: Register, small_batches: None, after: bool
) -> None:
    nips = [f"198001012005011{number:03d}" for number in range(1, 6)]
    before = Snapshot()
    with seam() as whole:
        expected = register.import_nips(*nips, "salah", nips[0]).json
    for point in crash_points(len(whole.calls)):
        before.restore()
        with seam(point, after=after):
            register.import_nips(*nips, "salah", nips[0])
        assert register.import_nips(*nips, "salah", nips[0]).json == expected, point


def test_a_number_is_nowhere_kept_in_plain_unless_its_owner_gave_it(
    register: Register, caplog: pytest.LogCaptureFixture
) -> None:
    register.import_nips(*NIPS)
    register.ask(SITI, nip=NIPS[0])

    assert not [nip for nip in NIPS if nip in everything_kept()]
    assert not [nip for nip in NIPS if nip in str([vars(record) for record in caplog.records])]


def test_whose_number_is_on_the_list_is_staff_at_once(register: Register) -> None:
    register.import_nips(*NIPS)

    joined, again = (register.ask(SITI, nip="19660801 198803 1 001") for _ in range(2))

    assert joined.status == 200, joined.text
    assert joined.json["membership"] == {
        "institution_id": register.institution, "basis": "nip_list", "since": "2020-04-07T03:00:00Z", "by": SITI.id,
        "ended_at": None,
    }  # fmt: skip
    assert joined.json["request"] is None
    assert register.claim(SITI) == register.institution
    assert (again.json, again.headers["idempotency-replayed"]) == (joined.json, "true")


def test_a_number_makes_one_person_staff(register: Register) -> None:
    """It is printed on every letter: a colleague's proves nothing once its owner has come."""
    register.import_nips(*NIPS)
    register.ask(SITI, nip=NIPS[0])

    second = register.ask(BUDI, nip=NIPS[0])

    assert (second.json["membership"], second.json["request"]["status"]) == (None, "pending")
    assert register.claim(BUDI) is None


def test_whose_number_it_is_may_come_back_by_it(register: Register) -> None:
    other = register.send("POST", "/v1/institutions", {"code": "K49", "name": "UMKM", "kind": "ministry"}, key="i")
    elsewhere = register.send("POST", f"/v1/institutions/{other.json['id']}/invitations", {}, key="invite").json["code"]
    register.import_nips(*NIPS)
    register.ask(SITI, nip=NIPS[0])
    register.join(SITI, code=elsewhere)
    assert register.claim(SITI) == other.json["id"]

    assert register.ask(SITI, key="back", nip=NIPS[0]).json["membership"]["basis"] == "nip_list"
    assert register.claim(SITI) == register.institution


def test_of_two_who_claim_a_number_at_once_one_is_staff(register: Register) -> None:
    register.import_nips(*NIPS)
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.ask(SITI, nip=NIPS[0])
    for at in range(1, len(calls) + 1):
        before.restore()
        with rival(at, lambda: register.ask(BUDI, nip=NIPS[0])):
            register.ask(SITI, nip=NIPS[0])
        assert sorted(map(str, (register.claim(SITI), register.claim(BUDI)))) == sorted(["None", register.institution])


# -- e-mail domains


@pytest.mark.parametrize(
    ("attributes", "staff"),
    [
        pytest.param({"email": "siti@kemenkop.go.id", "email_verified": "true"}, True, id="verified"),
        pytest.param({"email": "Siti@KEMENKOP.go.id", "email_verified": "true"}, True, id="in capitals"),
        pytest.param({"email": "siti@kemenkop.go.id", "email_verified": "false"}, False, id="not verified"),
        pytest.param({"email": "siti@kemenkop.go.id"}, False, id="nothing said about it"),
        pytest.param({"email": "siti@x.kemenkop.go.id", "email_verified": "true"}, False, id="below the domain"),
        pytest.param({"email": "siti@example.com", "email_verified": "true"}, False, id="elsewhere"),
    ],
)
def test_a_verified_address_in_the_domain_makes_staff(
    register: Register, attributes: dict[str, str], staff: bool
) -> None:
    assert register.domains("kemenkop.go.id").json == {"domains": ["kemenkop.go.id"]}

    assert register.claim(SITI, **attributes) == (register.institution if staff else None)
    kept = register.send("GET", "/v1/me/institution", caller=SITI).json["membership"]
    assert (kept and kept["basis"]) == ("email_domain" if staff else None)


AT_WORK = {"email": "siti@kemenkop.go.id", "email_verified": "true"}


def test_a_domain_that_is_taken_off_makes_nobody_staff_any_longer(register: Register) -> None:
    register.domains("kemenkop.go.id")
    assert register.claim(SITI, **AT_WORK) == register.institution

    assert register.domains("umkm.go.id", key="other").json == {"domains": ["umkm.go.id"]}

    assert register.claim(SITI, **AT_WORK) is None


def test_a_domain_belongs_to_one_institution_until_it_is_given_up(register: Register) -> None:
    other = register.send("POST", "/v1/institutions", {"code": "K49", "name": "UMKM", "kind": "ministry"}, key="i")
    register.domains("a.go.id", "b.go.id")

    taken = register.domains("c.go.id", "b.go.id", institution=other.json["id"], key="taken")
    register.domains("a.go.id", key="fewer")
    free = register.domains("c.go.id", "b.go.id", institution=other.json["id"], key="free")

    assert (taken.status, taken.json["errors"][0]["pointer"]) == (422, "/domains/0")
    assert "b.go.id" in taken.json["detail"]
    assert free.json == {"domains": ["b.go.id", "c.go.id"]}


def test_what_everybody_has_an_address_in_is_no_domain(register: Register) -> None:
    assert register.domains("kemenkop.go.id", "gmail.com").json["errors"][0]["pointer"] == "/domains"
    assert register.domains("KEMENKOP.GO.ID").status == register.domains("kemenkop").status == 422


@pytest.mark.parametrize("first", [True, False], ids=["the first lists", "later lists"])
@pytest.mark.parametrize("rivals", [("b.go.id",), ()], ids=["another domain", "none at all"])
def test_of_two_lists_of_domains_the_later_stands(register: Register, rivals: tuple[str, ...], first: bool) -> None:
    if not first:
        register.domains("a.go.id")
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.domains("a.go.id", "c.go.id", key="mine")
    for at in range(1, len(calls) + 1):
        before.restore()
        with rival(at, lambda: register.domains(*rivals, key="rival")):
            register.domains("a.go.id", "c.go.id", key="mine")
        listed = register.send("GET", f"/v1/institutions/{register.institution}/email-domains").json["domains"]
        owned = [d for d in ("a.go.id", "b.go.id", "c.go.id") if deps_staff.domains().institution_of(d)]
        assert owned == listed, at


# -- invitations


def test_a_code_lets_in_as_many_as_it_says(register: Register) -> None:
    made = register.invite(uses=2)
    code = made.json["code"]

    answers = [register.join(a_member(n), code=code.lower()) for n in (1, 2, 3)]

    assert made.status == 201, made.text
    assert [answer.status for answer in answers] == [200, 200, 409]
    assert [register.claim(a_member(n)) for n in (1, 2, 3)] == [register.institution, register.institution, None]
    assert answers[0].json["membership"]["basis"] == "invitation"
    assert register.invite(uses=2).json == {**made.json, "used": 2}  # the same request, the same code
    assert code not in everything_kept() and code.replace("-", "") not in everything_kept()


def test_a_code_that_is_there_is_not_made_again(register: Register) -> None:
    made = register.invite().json["code"]
    kept = deps_staff.invitations().find(digest(deps.id_secret(), made))

    assert kept is not None
    with pytest.raises(Stale):
        deps.db().commit(deps_staff.invitations().add(kept))


def test_a_code_is_spent_on_nobody_who_is_staff_already(register: Register) -> None:
    code = register.invite().json["code"]
    register.join(SITI, code=code)

    assert register.join(SITI, code=code, key="again").status == 200
    assert register.join(BUDI, code=code).json["code"] == "invalid_state"


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        pytest.param(PIC, 201, id="of a drop-off that serves it"),
        pytest.param(OTHER_PIC, 404, id="of another drop-off"),
        pytest.param(Caller(PIC.id, frozenset({"member"})), 403, id="no PIC any more"),
    ],
)
def test_a_pic_invites_for_institutions_of_their_own_drop_off(register: Register, caller: Caller, status: int) -> None:
    assert register.invite(caller).status == status


def test_a_code_lasts_thirty_days_unless_it_says_otherwise(register: Register) -> None:
    code = register.invite().json["code"]
    short = register.invite(key="short", valid_until="2020-04-07T10:00:01+07:00").json["code"]
    late = DURING + timedelta(days=30)

    assert register.join(SITI, code=short, at=DURING + timedelta(seconds=1)).json["code"] == "invalid_state"
    assert register.join(SITI, code=code, at=late).json["code"] == "invalid_state"
    assert register.join(SITI, code=code, at=late - timedelta(milliseconds=1)).status == 200


def test_of_two_who_redeem_the_last_use_at_once_one_is_let_in(register: Register) -> None:
    code = register.invite().json["code"]
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.join(SITI, code=code)
    for at in range(1, len(calls) + 1):
        before.restore()
        with rival(at, lambda: register.join(BUDI, code=code)):
            register.join(SITI, code=code)
        assert sorted(map(str, (register.claim(SITI), register.claim(BUDI)))) == sorted(["None", register.institution])


@pytest.mark.parametrize("after", [False, True], ids=["before it takes effect", "after it took effect"])
def test_an_interrupted_redemption_lets_in_once_when_it_is_repeated(register: Register, after: bool) -> None:
    code = register.invite(uses=2).json["code"]
    before = Snapshot()
    with seam() as whole:
        expected = register.join(SITI, code=code).json
    for point in range(1, len(whole.calls) + 1):
        before.restore()
        with seam(point, after=after):
            register.join(SITI, code=code)
        assert register.join(SITI, code=code).json == expected, point
        assert register.invite(uses=2).json["used"] == 1, point


@pytest.mark.parametrize("guess", [{"code": "AAAAA-AAAAA"}, {"nip": NIPS[1]}], ids=["a code", "a number"])
def test_five_wrong_guesses_lock_for_a_quarter_of_an_hour(register: Register, guess: dict[str, str]) -> None:
    right = register.invite().json["code"]
    body = guess if "code" in guess else {"institution_id": register.institution, **guess}

    tries = [register.join(SITI, key=f"t{n}", **body).status for n in range(5)]
    locked = register.join(SITI, code=right, key="locked")
    others = register.join(BUDI, code="BBBBB-BBBBB")
    later = register.join(SITI, code=right, key="later", at=DURING + timedelta(minutes=15))

    assert set(tries) == ({403} if "code" in guess else {200})
    assert (locked.status, locked.json["code"], locked.headers["retry-after"]) == (429, "too_many_requests", "900")
    assert (others.status, later.status) == (403, 200)


# -- confirmation


def test_who_asks_is_staff_once_a_pic_has_confirmed_it(register: Register) -> None:
    asked = register.ask(SITI, nip=NIPS[0]).json

    assert (asked["membership"], asked["request"]["status"]) == (None, "pending")
    assert register.claim(SITI) is None
    [listed] = register.requests()
    assert listed == asked["request"]
    assert (listed["name"], listed["nip"]) == (SITI.name, "1966**************")
    decided = register.decide(listed["id"])
    assert (decided.status, decided.json["status"]) == (200, "approved")
    assert register.decide(listed["id"]).json == decided.json
    assert register.requests() == []
    standing = register.send("GET", "/v1/me/institution", caller=SITI).json
    assert (standing["membership"]["basis"], standing["membership"]["by"]) == ("pic", PIC.id)
    assert register.claim(SITI) == register.institution


def test_a_request_is_for_those_to_decide_who_serve_the_institution(register: Register) -> None:
    request = register.ask(SITI).json["request"]["id"]

    assert register.decide(request, OTHER_PIC).json["code"] == "not_found"
    assert register.decide("req_nothing").json["code"] == "not_found"
    assert register.decide(request, SITI).json["code"] == "forbidden"
    other = register.send("GET", f"/v1/dropoffs/{register.office.dropoff}/staff-requests", caller=OTHER_PIC)
    assert other.json["code"] == "not_found"
    assert register.decide(request, OPERATOR, approve=False).json["status"] == "refused"
    assert register.claim(SITI) is None


def test_nobody_decides_their_own(register: Register) -> None:
    request = register.ask(PIC).json["request"]["id"]

    assert register.decide(request, PIC).json["code"] == "forbidden"
    assert register.decide(request, OPERATOR).status == 200


def test_a_decided_request_stays_decided_and_may_be_made_again(register: Register) -> None:
    request = register.ask(SITI).json["request"]["id"]
    register.decide(request, approve=False)

    assert register.decide(request, key="other").json["code"] == "invalid_state"
    again = register.ask(SITI, key="again").json["request"]
    assert (again["id"], again["status"]) == (request, "pending")
    assert register.decide(request, key="now").json["status"] == "approved"


def test_of_two_who_decide_at_once_one_decides(register: Register) -> None:
    request = register.ask(SITI).json["request"]["id"]
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.decide(request)
    for at in range(1, len(calls) + 1):
        before.restore()
        answers = []
        with rival(at, lambda: answers.append(register.decide(request, OPERATOR, approve=False))):  # noqa: B023 - called at once
            answers.append(register.decide(request))
        assert sorted(answer.status for answer in answers) == [200, 409]
        status = register.send("GET", "/v1/me/institution", caller=SITI).json["request"]["status"]
        assert (status == "approved") == (register.claim(SITI) is not None)


def test_who_asks_elsewhere_inside_any_call_of_a_decision_is_not_let_in_there(register: Register) -> None:
    """Whoever decides answers for the institution that was asked, not for the other one."""
    other = register.send("POST", "/v1/institutions", {"code": "K49", "name": "UMKM", "kind": "ministry"}, key="i")
    request = register.ask(SITI).json["request"]["id"]
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.decide(request)
    for at in range(1, len(calls) + 1):
        before.restore()
        with rival(at, lambda: register.join(SITI, institution_id=other.json["id"], key="elsewhere")):
            register.decide(request)
        assert register.claim(SITI) in (None, register.institution), at


def test_who_asks_elsewhere_asks_no_longer_here(register: Register) -> None:
    other = register.send("POST", "/v1/institutions", {"code": "K49", "name": "UMKM", "kind": "ministry"}, key="i")
    register.ask(SITI)

    register.join(SITI, institution_id=other.json["id"], key="elsewhere")

    assert register.requests() == []


def test_of_two_requests_at_once_one_is_left_and_the_other_s_place_lapses(register: Register) -> None:
    other = register.send("POST", "/v1/institutions", {"code": "K49", "name": "UMKM", "kind": "ministry"}, key="i")
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.ask(SITI)
    for at in range(1, len(calls) + 1):
        before.restore()
        with rival(at, lambda: register.join(SITI, institution_id=other.json["id"], key="elsewhere")):
            register.ask(SITI)
        kept = deps_staff.requests().find(SITI.id)
        places = [item for item in deps.db().scan(deps.table("people")) if item["sk"] == f"REQUEST#{SITI.id}"]
        assert kept is not None
        assert [place["pk"] for place in places if "expires" not in place] == [f"STAFF#{kept.institution_id}"], at


def test_requests_are_listed_page_by_page(register: Register) -> None:
    for n in range(5):
        register.ask(a_member(n))
    path, seen, cursor = f"/v1/dropoffs/{register.office.dropoff}/staff-requests?limit=2", [], ""
    while cursor is not None:
        page = register.send("GET", path + (cursor and f"&cursor={cursor}"), caller=PIC).json
        seen += [request["person_id"] for request in page["items"]]
        cursor = page["next_cursor"]

    assert seen == [f"mem-{n}" for n in range(5)]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"code": "AAAAA-AAAAA", "institution_id": "ins_1"}, "", id="a code and an institution"),
        pytest.param({"code": "AAAAA-AAAAA", "nip": NIPS[0]}, "", id="a code and a number"),
        pytest.param({"nip": NIPS[0]}, "", id="a number alone"),
        pytest.param({"institution_id": "ins_nowhere"}, "/institution_id", id="an institution that is not there"),
        pytest.param({"institution_id": "ins_1", "nip": "196613011988031001"}, "/nip", id="no sound number"),
    ],
)
def test_what_says_nothing_is_pointed_at(register: Register, body: dict[str, Any], pointer: str) -> None:
    refused = register.join(SITI, **body)

    assert (refused.status, [fault["pointer"] for fault in refused.json["errors"]]) == (422, [pointer])


# -- the roll, and removal


def test_the_office_sees_who_is_staff_and_ends_it_for_good(register: Register) -> None:
    register.import_nips(*NIPS)
    code = register.invite(uses=9).json["code"]
    register.ask(SITI, nip=NIPS[0])
    register.join(BUDI, code=code)

    removed = register.remove(SITI.id)

    assert (removed.status, removed.json["ended_at"]) == (200, "2020-04-07T03:00:00Z")
    staff = register.send("GET", f"/v1/institutions/{register.institution}/staff").json["items"]
    assert [(s["person_id"], s["basis"], s["ended_at"] is None) for s in staff] == [
        (SITI.id, "nip_list", False), (BUDI.id, "invitation", True),
    ]  # fmt: skip
    assert register.claim(SITI) is None
    assert register.remove(SITI.id, key="twice").json["code"] == "not_found"
    assert register.remove("mem-9", key="nobody").json["code"] == "not_found"
    assert register.ask(SITI, key="nip", nip=NIPS[0]).json["request"]["status"] == "pending"
    assert register.join(SITI, key="code", code=code).json["code"] == "invalid_state"
    register.domains("kemenkop.go.id")
    assert register.claim(SITI, **AT_WORK) is None
    [request] = register.requests()
    register.decide(request["id"])
    assert register.claim(SITI) == register.institution


def test_what_somebody_was_is_kept(register: Register) -> None:
    code = register.invite().json["code"]
    register.join(SITI, code=code)
    register.remove(SITI.id)
    register.ask(SITI)
    register.decide(register.requests()[0]["id"])

    past = [item for item in deps.db().scan(deps.table("people")) if item["sk"].startswith("MEMBERSHIP#")]

    assert [(item["basis"], item["ended_by"]) for item in past] == [("invitation", OPERATOR.id)]


@pytest.mark.parametrize("role", ["member", "pic", "cooperative"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "staff-imports"), ("PUT", "email-domains"), ("GET", "email-domains"), ("GET", "staff"),
        ("POST", "staff/mem-1/removal"),
    ],
)  # fmt: skip
def test_the_register_is_the_offices(register: Register, role: str, method: str, path: str) -> None:
    caller = Caller("mem-5", frozenset({role}))

    assert register.send(method, f"/v1/institutions/{register.institution}/{path}", {}, caller=caller).status == 403


# -- the token


def test_staff_sign_in_and_order_where_the_wave_is_theirs(register: Register) -> None:
    wave = register.office.wave(eligible_institution_ids=[register.institution])
    register.join(SITI, code=register.invite().json["code"])

    mine = register.office.order(wave, member=register.signed_in(SITI))
    theirs = register.office.order(wave, member=register.signed_in(BUDI))

    assert (mine.status, mine.json["institution_id"]) == (201, register.institution)
    assert (theirs.status, theirs.json["code"]) == (403, "not_eligible")


def test_a_wave_for_the_public_asks_nobody_where_they_work(register: Register) -> None:
    wave = register.office.wave(eligible_institution_ids=None)

    assert register.office.order(wave, member=register.signed_in(SITI)).status == 201


def test_the_trigger_answers_in_cognitos_shape_and_leaves_groups_alone(register: Register) -> None:
    register.join(SITI, code=register.invite().json["code"])
    asked = an_event(SITI)

    staff, nobody = token.handler(an_event(SITI), None), token.handler(an_event(BUDI), None)

    claims = {"claimsToAddOrOverride": {"custom:institution_id": register.institution}}
    assert staff == {**asked, "response": {"claimsOverrideDetails": claims}}
    assert nobody["response"] == {"claimsOverrideDetails": {"claimsToSuppress": ["custom:institution_id"]}}


@pytest.mark.parametrize("failure", [ProviderUnavailable("busy"), OSError("no route"), KeyError("a bug")], ids=repr)
def test_people_sign_in_as_nobodys_staff_when_the_register_does_not_answer(
    register: Register, monkeypatch: pytest.MonkeyPatch, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    register.join(SITI, code=register.invite().json["code"])

    def fail(*_: Any, **__: Any) -> None:
        raise failure

    monkeypatch.setattr(deps_staff.Memberships, "find", fail)

    assert register.claim(SITI) is None
    assert "institution not known" in caplog.text
    monkeypatch.undo()
    assert register.claim(SITI) == register.institution


def test_two_sign_ins_at_once_note_an_address_once(register: Register) -> None:
    register.domains("kemenkop.go.id")
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.claim(SITI, **AT_WORK)
    for at in range(1, len(calls) + 1):
        before.restore()
        with rival(at, lambda: register.claim(SITI, **AT_WORK)):
            assert register.claim(SITI, **AT_WORK) == register.institution
        kept = deps_staff.memberships().find(SITI.id)
        assert kept is not None and kept.version == 1


def test_a_code_redeemed_inside_any_call_of_the_first_sign_in_is_not_lost(register: Register) -> None:
    register.domains("kemenkop.go.id")
    code = register.invite().json["code"]
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.claim(SITI, **AT_WORK)
    for at in range(1, len(calls) + 1):
        before.restore()
        with rival(at, lambda: register.join(SITI, code=code)):
            register.claim(SITI, **AT_WORK)
        if at < len(calls):  # before the note is written: afterwards they are staff already, and the code is unspent
            kept = deps_staff.memberships().find(SITI.id)
            assert kept is not None and kept.basis == "invitation"


def test_a_removal_inside_any_call_of_a_sign_in_is_not_lost(register: Register) -> None:
    other = register.send("POST", "/v1/institutions", {"code": "K49", "name": "UMKM", "kind": "ministry"}, key="i")
    register.domains("kemenkop.go.id")
    register.domains("umkm.go.id", institution=other.json["id"])
    register.claim(SITI, **AT_WORK)
    moved = {**AT_WORK, "email": "siti@umkm.go.id"}
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        register.claim(SITI, **moved)
    for at in range(1, len(calls) + 1):
        before.restore()
        removed: list[int] = []
        with rival(at, lambda: removed.append(register.remove(SITI.id).status)):  # noqa: B023 - called at once
            assert register.claim(SITI, **moved) == other.json["id"]
        assert removed == [200]
        assert register.claim(SITI, **AT_WORK) is None, at
