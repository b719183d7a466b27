"""Which alarms there are. Each has a section in infra/runbook.md: what it means, where to look, what to do."""

from collections.abc import Iterator

from infra.monitoring import counts
from infra.monitoring.alarm import Alarm, Series
from infra.monitoring.declared import INDONESIAN, Declared

MINUTE, HOUR = 60, 3600
# From which age of its oldest message on a queue is late, in seconds; a wave's steps wait for each other for longer.
LATE = {"ClosingQueue": 30 * MINUTE, "PlanningQueue": 30 * MINUTE, "SyncQueue": 2 * HOUR}
LATE_ELSE = 15 * MINUTE
STREAM_LATE_MS = 5 * MINUTE * 1000


def alarms(declared: Declared) -> list[Alarm]:
    return [*_money_and_goods(), *_functions(declared), *_waiting(declared), *_api(), *_tables(declared)]


def _money_and_goods() -> Iterator[Alarm]:
    """Alarms on what functions found out themselves."""
    yield Alarm("FindingsAlarm", "Rekonsiliasi malam menemukan selisih yang tidak dapat dijelaskan.",
                (counts.FINDINGS.series,), period_s=HOUR)  # fmt: skip
    yield Alarm("ReconciliationMissingAlarm", "Tidak ada rekonsiliasi selama 25 jam.", (counts.RECONCILED.series,),
                period_s=HOUR, periods=25, below=True)  # fmt: skip
    yield Alarm("IncidentsAlarm", "Ada kejadian yang tidak diputuskan siapa pun; lihat daftar kejadian.",
                (counts.INCIDENTS.series,))  # fmt: skip
    yield Alarm("EventsParkedAlarm", "Pemberitahuan pembayaran tidak menemukan pembayarannya.",
                (counts.EVENTS_PARKED.series,), periods=3)  # fmt: skip
    yield Alarm("EventsNotStoredAlarm", "Pemberitahuan penyedia tidak dapat disimpan; penyedia diminta mengulang.",
                (counts.EVENTS_NOT_STORED.series,))  # fmt: skip
    yield Alarm("EventsRefusedAlarm", "Banyak pemberitahuan ditolak: kunci rahasia salah, atau ada yang memalsukan.",
                (counts.EVENTS_REFUSED.series,), at=20)  # fmt: skip
    yield Alarm("CourierEventsLostAlarm", "Kabar kurir tidak menemukan perjalanannya.",
                (counts.COURIER_EVENTS_LOST.series,))  # fmt: skip
    yield Alarm("SyncsHeldAlarm", "Sinkronisasi katalog ditahan dan menunggu keputusan.",
                (counts.SYNCS_HELD.series,))  # fmt: skip
    yield Alarm("RecordsFailedAlarm", "Pekerjaan gagal karena kesalahan program dan akan diulang.",
                (counts.RECORDS_FAILED.series,))  # fmt: skip
    yield Alarm("SignInsBlindAlarm", "Instansi tidak terbaca saat orang masuk; mereka tidak dapat memesan.",
                (counts.SIGN_INS_BLIND.series,), at=5)  # fmt: skip
    yield Alarm("UnreachableAlarm", "Banyak orang tidak terjangkau WhatsApp maupun surel.",
                (counts.UNREACHABLE.series,), at=100, period_s=HOUR)  # fmt: skip


def _functions(declared: Declared) -> Iterator[Alarm]:
    for group, names in declared.groups().items():
        called = "webhook" if group == "webhooks" else INDONESIAN[group]
        yield Alarm(f"{group.capitalize()}ErrorsAlarm", f"Fungsi {called} gagal.", _each(names, "Errors"), at=3)
        yield Alarm(f"{group.capitalize()}ThrottlesAlarm", f"Fungsi {called} ditolak karena terlalu banyak sekaligus.",
                    _each(names, "Throttles"), at=10)  # fmt: skip
    for name in declared.ticking():
        yield Alarm(f"{name}StoppedAlarm", f"{name} tidak dijalankan selama seperempat jam.",
                    _each([name], "Invocations"), periods=3, below=True)  # fmt: skip


def _waiting(declared: Declared) -> Iterator[Alarm]:
    for context, names in declared.streaming().items():
        yield Alarm(f"{context.capitalize()}StreamLateAlarm", f"Akibat perubahan ({INDONESIAN[context]}) tertinggal.",
                    _each(names, "IteratorAge"), at=STREAM_LATE_MS, statistic="Maximum", periods=2)  # fmt: skip
    for name, last in declared.queues():
        of = {"QueueName": {"Fn::GetAtt": [name, "QueueName"]}}
        if last:
            lying = Series("AWS/SQS", "ApproximateNumberOfMessagesVisible", of)
            yield Alarm(f"{name}Alarm", f"Ada pesan yang tidak terolah di {name}.", (lying,), statistic="Maximum")
        else:
            age = Series("AWS/SQS", "ApproximateAgeOfOldestMessage", of)
            yield Alarm(f"{name}LateAlarm", f"Pesan di {name} menunggu terlalu lama.", (age,), statistic="Maximum",
                        at=LATE.get(name, LATE_ELSE))  # fmt: skip


def _api() -> Iterator[Alarm]:
    of = {"ApiId": {"Ref": "Api"}}
    yield Alarm("ApiFaultsAlarm", "API menjawab dengan kesalahan (5xx).", (Series("AWS/ApiGateway", "5xx", of),), at=5)


def _tables(declared: Declared) -> Iterator[Alarm]:
    for kind, called in (("Read", "bacaan"), ("Write", "tulisan")):
        series = [Series("AWS/DynamoDB", f"{kind}ThrottleEvents", {"TableName": {"Ref": n}}) for n in declared.tables()]
        yield Alarm(f"Table{kind}sThrottledAlarm", f"DynamoDB menolak {called}: terlalu cepat.", tuple(series), at=50)


def _each(names: list[str], metric: str) -> tuple[Series, ...]:
    return tuple(Series("AWS/Lambda", metric, {"FunctionName": {"Ref": name}}) for name in names)
