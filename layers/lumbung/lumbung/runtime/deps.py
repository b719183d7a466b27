"""Where things are wired: each real collaborator is made once, on first use. What more than one context uses.

What one context alone uses is wired in `deps_<context>`, so that no function loads what it does not need.
"""

import json
import os
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

from lumbung.domain import packing
from lumbung.domain.errors import AlreadyDone
from lumbung.domain.once import Once
from lumbung.domain.tariff import Tariff
from lumbung.runtime import aead, clock
from lumbung.runtime.queue import Queue
from lumbung.store import once as once_store
from lumbung.store.closing import Closings
from lumbung.store.corrections import Corrections
from lumbung.store.keyring import Keyring
from lumbung.store.open_orders import Goods
from lumbung.store.orders import Orders
from lumbung.store.people import People
from lumbung.store.personal import Personal
from lumbung.store.purchase_orders import PurchaseOrders
from lumbung.store.quotes import Quotes
from lumbung.store.readings import Readings
from lumbung.store.refunds import Refunds
from lumbung.store.registry import Cooperatives, Dropoffs, Institutions
from lumbung.store.rings import Rings
from lumbung.store.shards import Shards
from lumbung.store.table import Database, Put
from lumbung.store.villages import Villages
from lumbung.store.waves import Waves

# Our own writes decide about retries; a fixed agent and no client-side validation save a quarter of a call.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    parameter_validation=False,
    user_agent="lumbung",
)


@cache
def session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def aws(service: str, *, tries: int = 3) -> Any:
    """Return the client of an AWS service; with *tries* 1 it asks once: what it asks for must not happen twice."""
    retries = {"mode": "standard", "total_max_attempts": tries}
    return session().create_client(service, config=_CONFIG.merge(Config(retries=retries)))


@cache
def secret(name: str) -> dict[str, str]:
    """Return the secret whose ARN is in the environment under *name*; an empty one stops the function."""
    answer = aws("secretsmanager").get_secret_value(SecretId=os.environ[name])
    values: dict[str, str] = json.loads(answer["SecretString"])
    if not values or not all(values.values()):
        raise RuntimeError(f"the secret {name} is empty")
    return values


@cache
def id_secret() -> bytes:
    return secret("IDS_SECRET")["secret"].encode()


@cache
def db() -> Database:
    return Database(aws("dynamodb"))


def table(name: str) -> str:
    """Return the real name of a table: orders, payments, deliveries, catalog, people or keys."""
    return os.environ[f"{name.upper()}_TABLE"]


def earlier(once_id: str) -> AlreadyDone | None:
    """Return what an Idempotency-Key named before, from the function's own table (`ONCE_TABLE`)."""
    return once_store.find(db(), os.environ["ONCE_TABLE"], once_id)


@cache
def rings() -> Rings:
    return Rings(db(), table("keys"), lambda: aws("kms"), os.environ["PERSON_KEY"])


@cache
def keyring() -> Keyring:
    return Keyring(db(), table("keys"), rings(), aead, clock.now)


@cache
def personal() -> Personal:
    return Personal(db(), table("people"), keyring())


@cache
def readings() -> Readings:
    return Readings(db(), table("people"))


@cache
def people() -> People:
    return People(personal())


@cache
def shards() -> Shards:
    return Shards(db(), table("orders"), clock.now)


@cache
def orders() -> Orders:
    return Orders(db(), table("orders"), shards(), people())


@cache
def waves() -> Waves:
    return Waves(db(), table("orders"), clock.now)


@cache
def institutions() -> Institutions:
    return Institutions(db(), table("orders"))


@cache
def cooperatives() -> Cooperatives:
    return Cooperatives(db(), table("orders"))


@cache
def dropoffs() -> Dropoffs:
    return Dropoffs(db(), table("orders"))


@cache
def villages() -> Villages:
    return Villages(db(), table("orders"))


@cache
def closings() -> Closings:
    return Closings(db(), table("orders"), clock.now)


@cache
def corrections() -> Corrections:
    return Corrections(db(), table("orders"))


@cache
def purchase_orders() -> PurchaseOrders:
    return PurchaseOrders(db(), table("orders"))


@cache
def goods() -> Goods:
    return Goods(db(), table("orders"), waves())


@cache
def refunds() -> Refunds:
    return Refunds(table("payments"))


@cache
def quotes() -> Quotes:
    return Quotes(db(), table("deliveries"))


@cache
def queue(name: str) -> Queue:
    """Return the queue whose URL is in the environment under *name*."""
    return Queue(aws("sqs"), os.environ[name])


def remember(once: Once, thing: str) -> Put:
    """Return the write that makes *once* happen once, in the function's own table."""
    return once_store.record(os.environ["ONCE_TABLE"], once, thing, now_s=int(clock.now().timestamp()))


@cache
def tariff() -> Tariff:
    return Tariff(sizes=packing.sizes(os.environ["PACK_SIZES"]))
