"""One JSON line per outcome, with ids only: no names, phones, addresses, tokens or secrets."""

from aws_lambda_powertools.logging import Logger

logger = Logger(service="lumbung", log_uncaught_exceptions=True)
