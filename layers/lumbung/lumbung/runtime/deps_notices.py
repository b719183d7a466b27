"""What only notices use."""

import os
from functools import cache

from lumbung.domain.letter import Channel
from lumbung.providers.ses import Email
from lumbung.providers.whatsapp import WhatsApp
from lumbung.runtime import deps
from lumbung.store.notices import Notices
from lumbung.store.payments import Payments
from lumbung.store.reminders import DueSoon


@cache
def notices() -> Notices:
    return Notices(deps.db(), deps.table("orders"))


@cache
def payments() -> Payments:
    return Payments(deps.db(), deps.table("payments"))


@cache
def due_soon() -> DueSoon:
    return DueSoon(deps.db(), deps.table("orders"))


@cache
def channels() -> tuple[Channel, ...]:
    """Return the ways to reach people, the first choice first."""
    secret = deps.secret("WHATSAPP_SECRET")
    whatsapp = WhatsApp(os.environ["WHATSAPP_BASE_URL"], secret["access_token"], secret["phone_number_id"])
    return whatsapp, Email(lambda: deps.aws("sesv2", tries=1), os.environ["MAIL_DOMAIN"])
