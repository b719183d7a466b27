"""Rights that no test is sure to be seen using, each with the reason why it is granted."""

from collections.abc import Mapping

from infra.rights.granted import Grant

_CHANCE = (
    "a person's key, once read, is kept, and one that is missing is made by whoever comes first: who asks is chance"
)
_OPENS, _MAKES = Grant("kms:Decrypt", "PersonKey"), Grant("kms:GenerateDataKey", "PersonKey")
_READS, _KEEPS = Grant("dynamodb:GetItem", "KeysTable"), Grant("dynamodb:PutItem", "KeysTable")
_READERS = {"DispatchPlanner", "NoticesWorker", "OrderingNightly"}
_MAKERS = {"DispatchApi", "DispatchSchedule", "DispatchStream", "DispatchWorker", "OrderingApi", "PaymentsApi"}

UNSEEN: Mapping[tuple[str, Grant], str] = {
    (
        "CatalogApi",
        Grant("s3:PutObject", "FilesBucket/catalog/*"),
    ): "signed for whoever holds the link, who puts the file",
    (
        "DispatchSchedule",
        Grant("secretsmanager:GetSecretValue", "LalamoveSecret"),
    ): "for trips of Lalamove that are silent",
    (
        "DispatchWorker",
        Grant("dynamodb:PutItem", "PaymentsTable", "INCIDENT"),
    ): "for a trip that needs somebody as it ends",
    ("DispatchWorker", Grant("dynamodb:PutItem", "PeopleTable")): "for couriers that name the rider as they are booked",
    **{(name, right): _CHANCE for name in _READERS | _MAKERS for right in (_OPENS, _READS)},
    **{(name, right): _CHANCE for name in _MAKERS for right in (_MAKES, _KEEPS)},
}
