"""Every key of every item, and how each is found. Keys are made here and nowhere else.

table       item               pk                       sk                  also found by
orders      wave               WAVE#wave                WAVE                by_list  (all waves, by opening time)
            once               ONCE#once                ONCE                -
            closing run        WAVE#wave                CLOSING             -
            who owes a step    WAVE#wave                OWING#group         -
            part of a step     WAVE#wave                PART#step#dropoff   its wave's partition
            supply             WAVE#wave                SUPPLY#cooperative  its wave's partition
            open orders        WAVE#wave                OPEN#dropoff        its wave's partition
            purchase order     WAVE#wave                PURCHASE#coop…      -
            correction         WAVE#wave                CORRECTION#id       its wave's partition
            quota shard        SHARD#offer#group        n                   its group: sixteen shards a partition
            order              ORDER#order              ORDER               by_dropoff (wave and drop-off, by time)
                                                                            by_member  (member, by time)
                                                                            by_due     (unpaid, by due time)
            notice             ORDER#order              NOTICE#number#kind  its order's partition
            reminders' places  REMINDERS#unpaid         REMINDERS           -
            erasure            ERASURE#member           when                by_list (to be done; done)
            institution        INSTITUTION#id           INSTITUTION         by_list
            cooperative        COOPERATIVE#id           COOPERATIVE         by_list
            drop-off           DROPOFF#id               DROPOFF             by_list
            village            VILLAGE#code             VILLAGE             -
people      person             PERSON#member            PROFILE             its person's partition
            rider              RIDERS#dropoff           rider               its drop-off's partition
            receiver           ORDER#order              RECEIVED#trip       its order's partition
            participation      PERSON#member            WAVE#wave           its person's partition
            refund account     PERSON#member            REFUND_ACCOUNT      its person's partition
            order's people     ORDER#order              PRIVATE             -
            trip's rider       TRIP#trip                RIDER               -
            who fetches it     ORDER#order              PROXY               its order's partition
            … as it was        ORDER#order              PROXY#n             its order's partition
            consent to deduct  PERSON#member            TPP                 its person's partition
            … as it was        PERSON#member            TPP#n               its person's partition
            membership         PERSON#member            MEMBERSHIP          its person's partition
            past membership    PERSON#member            MEMBERSHIP#n        its person's partition
            permission         PERSON#member            CONSENT#purpose#n   its person's partition
            tries of a code    PERSON#member            TRIES               -
            staff request      PERSON#member            REQUEST             its two places below
            its place by id    REQUEST#request          REQUEST             -
            its place, listed  STAFF#institution        REQUEST#member      its institution's partition
            place on the roll  STAFF#institution        PERSON#member       its institution's partition
            e-mail domains     STAFF#institution        DOMAINS             -
            e-mail domain      DOMAIN#domain            DOMAIN              -
            NIP on a list      NIP#digest               institution         -
            staff import       IMPORT#import            IMPORT              -
            invitation         INVITATION#digest        INVITATION          -
            who read of whom   READINGS#day             when#request#n      its day's partition
keys        ring key           RING#n                   RING                -
            person's key       PERSON#subject           KEY                 -
payments    transfer           TRANSFER#transfer        TRANSFER            by_debit, by_credit (account, by time)
            refund             REFUND#refund            REFUND              by_order, by_due (undone)
            account            ACCOUNT#account          ACCOUNT             by_list
            projected          PROJECTED#transfer       PROJECTED           -
            payment            PAYMENT#payment          PAYMENT             by_order, by_due (pending)
                                                                            by_list  (its wave's)
            live attempt       ORDER#order              PAYING              -
            provider event     EVENT#provider#digest    EVENT               by_due (not applied), by_list (parked)
            bill               BILL#account             BILL                -
            payment told       FLAG#client#request      FLAG                -
            bank's call        CALL#client#day#number   CALL                -
            till               TILL#dropoff             TILL                -
            remittance         REMITTANCE#remittance    REMITTANCE          by_list (drop-off, by time)
            settlement         SETTLEMENT#settlement    SETTLEMENT          by_list (cooperative)
            payout             PAYOUT#payout            PAYOUT              -
            deduction          DEDUCTION#payment        DEDUCTION           by_list (its unit's, claimed, by time)
            batch of them      BATCH#batch              BATCH               by_list (all, by time)
            line of a batch    BATCH#batch              LINE#payment        its batch's partition
            statement          STATEMENT#statement      STATEMENT           -
            statement's file   STATEMENT#statement      FILE                -
            statement's line   LINE#line                LINE                by_list (nothing explains it, by time)
            taken by a line    TAKEN#transfer           TAKEN               -
            incident           INCIDENT#incident        INCIDENT            by_list (all, by time)
            nightly result     RECONCILIATION#latest    RECONCILIATION      -
deliveries  once               ONCE#once                ONCE                -
            consignment        CONSIGNMENT#consignment  CONSIGNMENT         by_list (wave), by_due (received: orders
                                                                            to move on, then to look after)
            part of a shortage CONSIGNMENT#consignment  SHARE#n             its consignment's partition
            trip               TRIP#trip                TRIP                by_list (wave and drop-off, by time),
                                                                            by_due  (not ended, by when to ask),
                                                                            by_order (own riders', by drop-off,
                                                                            while not ended)
            its courier's id   REFERENCE#courier#id     REFERENCE           -
            delivery           DELIVERY#order           DELIVERY            -
            tries of a code    CODE#order               CODE                -
            hand-over          HANDOVER#order           number              its order's partition
            … told by a device DEVICE#dropoff#device    number              its device's partition
            courier's quote    QUOTE#quote              QUOTE               -
            courier's event    EVENT#event              EVENT               by_due (parked), by_list (parked)
            measured roads     ROADS#dropoff            ROADS               -
            what a plan left   PLAN#plan                PLAN                -
catalog     product            PRODUCT#product          PRODUCT             by_list (all, by name)
            place on a shelf   SHELF#source#n           product             its source's eight shelves
            place in a list    FIND#term                name#product        its term's partition
            known word         WORDS#be                 word                its first letters' partition
            source             SOURCE#source            SOURCE              -
            supplier           SUPPLIER#supplier        SUPPLIER            by_list (undecided; a cooperative's)
            market             MARKET                   commodity#grade     its partition
            listing            LISTING#cooperative      sku                 its cooperative's partition
            looked at nightly  LISTED                   cooperative         its partition
            workbook           WORKBOOK#workbook        WORKBOOK            by_list (its cooperative's, by time)
            look at listings   LOOK#look                LOOK                by_list (its cooperative's, by time)
            sync run           RUN#run                  RUN                 by_list (its source's, that wait, by time)
            seen by a run      RUN#run                  SEEN#version        its run's partition
            difference         RUN#run                  CHANGE#…            its run's partition
            set aside          RUN#run                  ASIDE#cursor#n      its run's partition
            quarantined row    RUN#run                  ROW#cursor#n        its run's partition; by_list (all, by time)
"""

import base64
from collections.abc import Mapping
from datetime import date
from typing import Any

from lumbung.domain.ids import tie_break

Key = dict[str, str]

SHARDS_PER_PARTITION = 16
# Over how many keys of `by_due` a table's things are spread: each takes 1,000 writes a second, and costs a look one
# query. At 2,000 orders a second, each listed and taken off again, orders need four.
ORDERS_DUE, PAYMENTS_DUE, DELIVERIES_DUE = 4, 2, 1
PAYMENTS_LISTED = 4  # keys of `by_list` that a wave's payments are spread over
SHELVES = 8
WORDS_BEGIN = 2  # letters by which known words are put together


def _only(kind: str, id_: str) -> Key:
    return {"pk": f"{kind}#{id_}", "sk": kind}


def place(item: Mapping[str, Any]) -> Key:
    """Return where an item lies."""
    return {"pk": item["pk"], "sk": item["sk"]}


def once(once_id: str) -> Key:
    return _only("ONCE", once_id)


# -- orders


def wave(wave_id: str) -> Key:
    return _only("WAVE", wave_id)


def closing(wave_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": "CLOSING"}


def owing(wave_id: str, group: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"OWING#{group}"}


def part(wave_id: str, step: str, dropoff_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"PART#{step}#{dropoff_id}"}


def supply(wave_id: str, cooperative_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"SUPPLY#{cooperative_id}"}


def open_orders(wave_id: str, dropoff_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"OPEN#{dropoff_id}"}


def purchase_order(wave_id: str, cooperative_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"PURCHASE#{cooperative_id}"}


def correction(wave_id: str, correction_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"CORRECTION#{correction_id}"}


def shard(offer_id: str, number: int) -> Key:
    return {"pk": shard_group(offer_id, number // SHARDS_PER_PARTITION), "sk": f"{number:04d}"}


def shard_group(offer_id: str, group: int) -> str:
    return f"SHARD#{offer_id}#{group}"


def order(order_id: str) -> Key:
    return _only("ORDER", order_id)


def notice(order_id: str, number: int, kind: str) -> Key:
    return {"pk": f"ORDER#{order_id}", "sk": f"NOTICE#{number:04d}#{kind}"}


def reminders() -> Key:
    return _only("REMINDERS", "unpaid")


def erasure(member_id: str, asked_ms: int) -> Key:
    return {"pk": erasures_of(member_id), "sk": f"{asked_ms:015d}"}


def erasures_of(member_id: str) -> str:
    """The partition of one member's wishes to be forgotten."""
    return f"ERASURE#{member_id}"


def erasures(status: str) -> str:
    """The `list_key` under which `by_list` lists erasures, the first that was asked for first."""
    return f"ERASURE#{status}"


def order_partition(order_id: str) -> str:
    """The partition in which lies what an order says about people."""
    return f"ORDER#{order_id}"


def dropoff_orders(wave_id: str, dropoff_id: str) -> str:
    """The `dropoff_key` under which `by_dropoff` lists a drop-off's orders of one wave."""
    return f"{wave_id}#{dropoff_id}"


def due_bucket(id_: str, spread: int) -> str:
    """The `due_key` under which `by_due` lists what falls due, of every kind; spread so that no partition is hot."""
    return due_key(tie_break(id_) % spread)


def due_key(bucket: int) -> str:
    return f"DUE#{bucket}"


def institution(institution_id: str) -> Key:
    return _only("INSTITUTION", institution_id)


def cooperative(cooperative_id: str) -> Key:
    return _only("COOPERATIVE", cooperative_id)


def dropoff(dropoff_id: str) -> Key:
    return _only("DROPOFF", dropoff_id)


def village(code: str) -> Key:
    return _only("VILLAGE", code)


# -- people


def person_partition(member_id: str) -> str:
    return f"PERSON#{member_id}"


def person(member_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": "PROFILE"}


def participation(member_id: str, wave_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": f"WAVE#{wave_id}"}


def refund_account(member_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": "REFUND_ACCOUNT"}


def order_private(order_id: str) -> Key:
    return {"pk": f"ORDER#{order_id}", "sk": "PRIVATE"}


def trip_rider(trip_id: str) -> Key:
    return {"pk": f"TRIP#{trip_id}", "sk": "RIDER"}


def proxy(order_id: str) -> Key:
    return {"pk": f"ORDER#{order_id}", "sk": "PROXY"}


def proxy_as_it_was(order_id: str, number: int) -> Key:
    return {"pk": f"ORDER#{order_id}", "sk": f"PROXY#{number:04d}"}


def tpp_consent(member_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": "TPP"}


def tpp_consent_as_it_was(member_id: str, version: int) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": f"TPP#{version:06d}"}


PERMISSION = "CONSENT#"


def permission(member_id: str, purpose: str, number: int) -> Key:
    """*number*: how often the person has said something of that purpose before."""
    return {"pk": f"PERSON#{member_id}", "sk": f"{PERMISSION}{purpose}#{number:06d}"}


def membership(member_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": "MEMBERSHIP"}


def past_membership(member_id: str, version: int) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": f"MEMBERSHIP#{version:06d}"}


def is_past_membership(item: Mapping[str, Any]) -> bool:
    return str(item["sk"]).startswith("MEMBERSHIP#")


def tries(member_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": "TRIES"}


def staff_request(member_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": "REQUEST"}


def staff_request_by_id(request_id: str) -> Key:
    return _only("REQUEST", request_id)


def staff_of(institution_id: str) -> str:
    """The partition that lists who is, and who wants to be, staff of an institution."""
    return f"STAFF#{institution_id}"


def staff_request_listed(institution_id: str, member_id: str) -> Key:
    return {"pk": staff_of(institution_id), "sk": f"REQUEST#{member_id}"}


def on_the_roll(institution_id: str, member_id: str) -> Key:
    return {"pk": staff_of(institution_id), "sk": f"PERSON#{member_id}"}


def staff_places(item: Mapping[str, Any]) -> list[Key]:
    """Return where an institution's register names the person of a membership or of a request."""
    member_id, institution = str(item["pk"]).partition("#")[2], item.get("institution")
    places: list[Key] = []
    if str(item["sk"]).startswith("MEMBERSHIP"):
        places.append(on_the_roll(str(institution), member_id))
        places += [listed_nip(item["nip_digest"], str(institution))] if "nip_digest" in item else []
    if item["sk"] == "REQUEST":
        places += [staff_request_listed(str(institution), member_id), staff_request_by_id(item["request"])]
    return places


def email_domains(institution_id: str) -> Key:
    return {"pk": staff_of(institution_id), "sk": "DOMAINS"}


def email_domain(domain: str) -> Key:
    return _only("DOMAIN", domain)


def riders_of(dropoff_id: str) -> str:
    """The partition that lists who rides for a drop-off."""
    return f"RIDERS#{dropoff_id}"


def rider(dropoff_id: str, rider_id: str) -> Key:
    return {"pk": riders_of(dropoff_id), "sk": rider_id}


def receiver(order_id: str, trip_id: str) -> Key:
    return {"pk": f"ORDER#{order_id}", "sk": f"RECEIVED#{trip_id}"}


def listed_nips(digest: str) -> str:
    """The partition that says on which institutions' lists a NIP is."""
    return f"NIP#{digest}"


def listed_nip(digest: str, institution_id: str) -> Key:
    return {"pk": listed_nips(digest), "sk": institution_id}


def staff_import(import_id: str) -> Key:
    return _only("IMPORT", import_id)


def invitation(digest: str) -> Key:
    return _only("INVITATION", digest)


def readings_of(day: date) -> str:
    return f"READINGS#{day.isoformat()}"


def reading(day: date, at_ms: int, request_id: str, number: int) -> Key:
    return {"pk": readings_of(day), "sk": f"{at_ms:015d}#{request_id}#{number:04d}"}


# -- keys


def ring(number: int) -> Key:
    return _only("RING", f"{number:02d}")


def person_key(subject: str) -> Key:
    return {"pk": f"PERSON#{subject}", "sk": "KEY"}


# -- payments


def transfer(transfer_id: str) -> Key:
    return _only("TRANSFER", transfer_id)


def refund(refund_id: str) -> Key:
    return _only("REFUND", refund_id)


def account(name: str) -> Key:
    return _only("ACCOUNT", name)


def projected(transfer_id: str) -> Key:
    return _only("PROJECTED", transfer_id)


def payment(payment_id: str) -> Key:
    return _only("PAYMENT", payment_id)


def wave_payments(wave_id: str, payment_id: str) -> str:
    """The `list_key` under which `by_list` lists a wave's payments; spread so that no partition is hot."""
    return f"PAYMENT#{wave_id}#{tie_break(payment_id) % PAYMENTS_LISTED}"


def all_wave_payments(wave_id: str) -> list[str]:
    return [f"PAYMENT#{wave_id}#{bucket}" for bucket in range(PAYMENTS_LISTED)]


def live_attempt(order_id: str) -> Key:
    return {"pk": f"ORDER#{order_id}", "sk": "PAYING"}


def provider_event(event_id: str) -> Key:
    return _only("EVENT", event_id)


def bill(account_number: str) -> Key:
    return _only("BILL", account_number)


def flag(flag_id: str) -> Key:
    return _only("FLAG", flag_id)


def bank_call(call_id: str) -> Key:
    return _only("CALL", call_id)


def till(dropoff_id: str) -> Key:
    return _only("TILL", dropoff_id)


def remittance(remittance_id: str) -> Key:
    return _only("REMITTANCE", remittance_id)


def settlement(settlement_id: str) -> Key:
    return _only("SETTLEMENT", settlement_id)


def payout(payout_id: str) -> Key:
    return _only("PAYOUT", payout_id)


def deduction(payment_id: str) -> Key:
    return _only("DEDUCTION", payment_id)


def deductions_of(institution_id: str, unit: str) -> str:
    """The `list_key` under which `by_list` lists what a unit's treasurer is to be asked for."""
    return f"DEDUCTION#{institution_id}#{unit}"


def batch(batch_id: str) -> Key:
    return _only("BATCH", batch_id)


def batch_line(batch_id: str, payment_id: str) -> Key:
    return {"pk": f"BATCH#{batch_id}", "sk": f"LINE#{payment_id}"}


def statement(statement_id: str) -> Key:
    return _only("STATEMENT", statement_id)


def statement_file(statement_id: str) -> Key:
    return {"pk": f"STATEMENT#{statement_id}", "sk": "FILE"}


def statement_line(line_id: str) -> Key:
    return _only("LINE", line_id)


def taken(transfer_id: str) -> Key:
    return _only("TAKEN", transfer_id)


def incident(incident_id: str) -> Key:
    return _only("INCIDENT", incident_id)


def latest_reconciliation() -> Key:
    return _only("RECONCILIATION", "latest")


# -- deliveries


def consignment(consignment_id: str) -> Key:
    return _only("CONSIGNMENT", consignment_id)


def consignments_of(wave_id: str) -> str:
    """The `list_key` under which `by_list` lists a wave's consignments."""
    return f"CONSIGNMENT#{wave_id}"


def share(consignment_id: str, number: int) -> Key:
    return {"pk": f"CONSIGNMENT#{consignment_id}", "sk": f"SHARE#{number:04d}"}


def trip(trip_id: str) -> Key:
    return _only("TRIP", trip_id)


def trips_of(wave_id: str, dropoff_id: str) -> str:
    """The `list_key` under which `by_list` lists a drop-off's trips of one wave."""
    return f"TRIP#{wave_id}#{dropoff_id}"


def reference(courier: str, reference_: str) -> Key:
    return _only("REFERENCE", f"{courier}#{reference_}")


def rides_of(dropoff_id: str) -> str:
    """The `order_key` under which `by_order` lists the trips of a drop-off's own riders that are not at their end."""
    return f"RIDES#{dropoff_id}"


def delivery(order_id: str) -> Key:
    return _only("DELIVERY", order_id)


def code(order_id: str) -> Key:
    return _only("CODE", order_id)


def handovers_of(order_id: str) -> str:
    return f"HANDOVER#{order_id}"


def handover(order_id: str, number: int) -> Key:
    """*number*: the place in the order's history that it begins at."""
    return {"pk": handovers_of(order_id), "sk": f"{number:04d}"}


def told_by_device(dropoff_id: str, device: str, number: int) -> Key:
    return {"pk": f"DEVICE#{dropoff_id}#{device}", "sk": f"{number:09d}"}


def event(event_id: str) -> Key:
    return _only("EVENT", event_id)


def quote(quote_id: str) -> Key:
    return _only("QUOTE", quote_id)


def roads(dropoff_id: str) -> Key:
    return _only("ROADS", dropoff_id)


def plan(plan_id: str) -> Key:
    return _only("PLAN", plan_id)


# -- catalog


def product(product_id: str) -> Key:
    return _only("PRODUCT", product_id)


def shelf_of(product_id: str) -> int:
    return tie_break(product_id) % SHELVES


def shelf(source: str, number: int) -> str:
    """The partition that lists a part of a source's products."""
    return f"SHELF#{source}#{number}"


def on_shelf(source: str, product_id: str) -> Key:
    return {"pk": shelf(source, shelf_of(product_id)), "sk": product_id}


def listed(term: str, place: str) -> Key:
    """A product's place among those that are found by a term."""
    return {"pk": f"FIND#{term}", "sk": place}


def known_word(word: str) -> Key:
    return {"pk": words_pk(word), "sk": word}


def words_pk(word: str) -> str:
    return f"WORDS#{word[:WORDS_BEGIN]}"


def catalog_source(name: str) -> Key:
    return _only("SOURCE", name)


def supplier(supplier_id: str) -> Key:
    return _only("SUPPLIER", supplier_id)


def suppliers_of(cooperative_id: str) -> str:
    """The `list_key` under which `by_list` lists the suppliers whose products are a cooperative's."""
    return f"Supplier#{cooperative_id}"


def market(commodity: str, grade: str | None) -> Key:
    return {"pk": "MARKET", "sk": f"{commodity}#{grade or ''}"}


def listing(cooperative_id: str, sku: str) -> Key:
    return {"pk": listings_of(cooperative_id), "sk": sku}


def listings_of(cooperative_id: str) -> str:
    """The partition that holds what is listed of a cooperative."""
    return f"LISTING#{cooperative_id}"


def looked_at(cooperative_id: str) -> Key:
    """That something was ever listed of a cooperative."""
    return {"pk": "LISTED", "sk": cooperative_id}


def workbook(workbook_id: str) -> Key:
    return _only("WORKBOOK", workbook_id)


def look(look_id: str) -> Key:
    return _only("LOOK", look_id)


def run(run_id: str) -> Key:
    return _only("RUN", run_id)


def waiting(source: str) -> str:
    """Where runs of a source are listed whose file waits for its turn."""
    return f"Waiting#{source}"


def seen(run_id: str, version: int) -> Key:
    """What a run saw in the step that it took from *version* on: in the order of its steps."""
    return {"pk": f"RUN#{run_id}", "sk": f"SEEN#{version:010d}"}


def difference(run_id: str, phase: str, cursor: str, number: int) -> Key:
    return {"pk": f"RUN#{run_id}", "sk": f"CHANGE#{phase}#{cursor:0>8}#{number:06d}"}


def aside(run_id: str, cursor: str, number: int) -> Key:
    return {"pk": f"RUN#{run_id}", "sk": f"ASIDE#{cursor:0>8}#{number:06d}"}


def quarantined(run_id: str, cursor: str, number: int) -> Key:
    return {"pk": f"RUN#{run_id}", "sk": f"ROW#{cursor:0>8}#{number:06d}"}


def quarantined_at(run_id: str, position: str) -> Key:
    """As `quarantined`, by the place that `position_of` told."""
    return {"pk": f"RUN#{run_id}", "sk": f"ROW#{_readable(position)}"}


def position_of(sk: str) -> str:
    """The place of a quarantined row in its run, in letters that an address may carry."""
    return base64.urlsafe_b64encode(sk.removeprefix("ROW#").encode()).decode().rstrip("=")


def _readable(position: str) -> str:
    try:
        return base64.urlsafe_b64decode(position + "=" * (-len(position) % 4)).decode()
    except ValueError:  # no place at all: nothing is found there
        return "-"
