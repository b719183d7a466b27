"""Rights that no test is seen to use, each with the reason why it is granted."""

from collections.abc import Mapping

from infra.rights.granted import Grant

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
}
