"""Every key of every item, and how each is found. Keys are made here and nowhere else.

table       item               pk                       sk                  also found by
orders      wave               WAVE#wave                WAVE                by_list  (all waves, by opening time)
            once               ONCE#once                ONCE                -
            closing run        WAVE#wave                CLOSING             -
            part of a step     WAVE#wave                PART#step#dropoff   its wave's partition
            supply             WAVE#wave                SUPPLY#cooperative  its wave's partition
            open orders        WAVE#wave                OPEN#dropoff        its wave's partition
            quota shard        SHARD#offer#group        n                   its group: sixteen shards a partition
            order              ORDER#order              ORDER               by_dropoff (wave and drop-off, by time)
                                                                            by_member  (member, by time)
                                                                            by_due     (unpaid, by due time)
            institution        INSTITUTION#id           INSTITUTION         by_list
            cooperative        COOPERATIVE#id           COOPERATIVE         by_list
            drop-off           DROPOFF#id               DROPOFF             by_list
people      person             PERSON#member            PROFILE             its person's partition
            participation      PERSON#member            WAVE#wave           its person's partition
            order's people     ORDER#order              PRIVATE             -
payments    transfer           TRANSFER#transfer        TRANSFER            by_debit, by_credit (account, by time)
            refund             REFUND#refund            REFUND              by_order, by_due (undone)
            account            ACCOUNT#account          ACCOUNT             by_list
"""

from lumbung.domain.ids import tie_break

Key = dict[str, str]

SHARDS_PER_PARTITION = 16
DUE_BUCKETS = 4


def _only(kind: str, id_: str) -> Key:
    return {"pk": f"{kind}#{id_}", "sk": kind}


def once(once_id: str) -> Key:
    return _only("ONCE", once_id)


# -- orders


def wave(wave_id: str) -> Key:
    return _only("WAVE", wave_id)


def closing(wave_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": "CLOSING"}


def part(wave_id: str, step: str, dropoff_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"PART#{step}#{dropoff_id}"}


def supply(wave_id: str, cooperative_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"SUPPLY#{cooperative_id}"}


def open_orders(wave_id: str, dropoff_id: str) -> Key:
    return {"pk": f"WAVE#{wave_id}", "sk": f"OPEN#{dropoff_id}"}


def shard(offer_id: str, number: int) -> Key:
    return {"pk": shard_group(offer_id, number // SHARDS_PER_PARTITION), "sk": f"{number:04d}"}


def shard_group(offer_id: str, group: int) -> str:
    return f"SHARD#{offer_id}#{group}"


def order(order_id: str) -> Key:
    return _only("ORDER", order_id)


def dropoff_orders(wave_id: str, dropoff_id: str) -> str:
    """The `dropoff_key` under which `by_dropoff` lists a drop-off's orders of one wave."""
    return f"{wave_id}#{dropoff_id}"


def due_bucket(kind: str, id_: str) -> str:
    """The `due_key` under which `by_due` lists what falls due; spread so that no partition is hot."""
    return f"{kind}#{tie_break(id_) % DUE_BUCKETS}"


def due_buckets(kind: str) -> list[str]:
    return [f"{kind}#{bucket}" for bucket in range(DUE_BUCKETS)]


def institution(institution_id: str) -> Key:
    return _only("INSTITUTION", institution_id)


def cooperative(cooperative_id: str) -> Key:
    return _only("COOPERATIVE", cooperative_id)


def dropoff(dropoff_id: str) -> Key:
    return _only("DROPOFF", dropoff_id)


# -- people


def person(member_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": "PROFILE"}


def participation(member_id: str, wave_id: str) -> Key:
    return {"pk": f"PERSON#{member_id}", "sk": f"WAVE#{wave_id}"}


def order_private(order_id: str) -> Key:
    return {"pk": f"ORDER#{order_id}", "sk": "PRIVATE"}


# -- payments


def transfer(transfer_id: str) -> Key:
    return _only("TRANSFER", transfer_id)


def refund(refund_id: str) -> Key:
    return _only("REFUND", refund_id)


def account(name: str) -> Key:
    return _only("ACCOUNT", name)
