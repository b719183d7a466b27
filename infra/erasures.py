"""After a restore: make unreadable again what it has brought back of people who were erased before.

    ORDERS_TABLE=… PEOPLE_TABLE=… KEYS_TABLE=… PERSON_KEY=… IDS_SECRET=… python -m infra.erasures

Run it before the restored tables are put into use. The wishes are read from ORDERS_TABLE: of an orders table that was
restored too, name with ERASURES_TABLE the one from before, which knows of every wish.
"""

import os

from lumbung.runtime import clock, deps
from lumbung.store.erasures import Erasures
from ordering.wired import erasing


def main() -> None:
    known = Erasures(deps.db(), os.environ.get("ERASURES_TABLE", deps.table("orders")))
    again = [erasure for listed in (known.unfinished(), known.done()) for erasure in listed if erasure.done_at]
    for erasure in again:
        erasing().apply_again(erasure, at=clock.now())
    print(f"{len(again)} erasures applied again")


if __name__ == "__main__":
    main()
