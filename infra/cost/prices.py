"""Prices that the sheet assumes. Source: AWS price list, to be checked; noted 2026-11-24, for ap-southeast-3 (Jakarta).

Nothing here was read from AWS: whoever decides by this sheet compares each line with the price list of the day first.
"""

RUPIAH_PER_DOLLAR = 16_500

# US dollars.
MILLION_WRITES = 0.71  # DynamoDB write request units, on demand
MILLION_READS = 0.14  # DynamoDB read request units, on demand
MILLION_REQUESTS = 1.25  # HTTP API
MILLION_INVOCATIONS = 0.20  # Lambda
GIGABYTE_SECOND = 0.0000133334  # Lambda, arm64
MILLION_MESSAGES = 0.40  # SQS
MILLION_KEY_CALLS = 3.00  # KMS
GIGABYTE_LOGGED = 0.60  # CloudWatch Logs, taken in
GIGABYTE_KEPT = 0.285  # DynamoDB, a month
GIGABYTE_RESTORABLE = 0.228  # point-in-time recovery, a month
MILLION_EDGE_REQUESTS = 1.20  # CloudFront, https
MILLION_FIREWALL_REQUESTS = 0.60  # WAF
KEY_A_MONTH = 1.00
SECRET_A_MONTH = 0.40
ALARM_METRIC_A_MONTH = 0.10  # CloudWatch alarms, by metric
METRIC_A_MONTH = 0.30  # of our own
DASHBOARD_A_MONTH = 3.00
FIREWALL_A_MONTH = 5.00
FIREWALL_RULE_A_MONTH = 1.00

# Rupiah, providers' public rates before negotiation; they change by contract.
WHATSAPP_NOTICE = 370  # a utility message in Indonesia
VIRTUAL_ACCOUNT = 4_000  # a payment, whatever it amounts to
QRIS_SHARE = 0.007  # of the amount
