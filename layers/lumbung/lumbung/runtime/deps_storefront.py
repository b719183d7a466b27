"""What only the storefront uses."""

import os
from functools import cache

from lumbung.providers.cognito import Cognito


@cache
def user_pool() -> Cognito:
    return Cognito(os.environ["SIGN_IN_URL"], os.environ["CLIENT_ID"], home())


def home() -> str:
    """Return the address at which people reach the storefront, without a slash at its end."""
    return os.environ["STOREFRONT_URL"].rstrip("/")
