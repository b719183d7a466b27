"""The people of the smoke journey, in the deployed user pool."""

from typing import Any

from infra.deploy_local.deployment import Deployment
from infra.deploy_local.sign_in import sign_in

_PASSWORD = "Lumbung-smoke-1"


class Somebody:
    """A user with one role. *id* is the subject of their tokens."""

    def __init__(self, deployment: Deployment, role: str) -> None:
        self._cognito: Any = deployment.aws("cognito-idp")
        self._pool, self._client = deployment.names["People"], deployment.names["WebClient"]
        self._name = f"{role}@example.go.id"
        self._cognito.admin_create_user(
            UserPoolId=self._pool,
            Username=self._name,
            UserAttributes=[
                {"Name": "name", "Value": role.title()},
                {"Name": "phone_number", "Value": "+6281234567890"},
            ],
            MessageAction="SUPPRESS",
        )
        self._cognito.admin_set_user_password(
            UserPoolId=self._pool, Username=self._name, Password=_PASSWORD, Permanent=True
        )
        self._cognito.admin_add_user_to_group(UserPoolId=self._pool, Username=self._name, GroupName=role)
        user = self._cognito.admin_get_user(UserPoolId=self._pool, Username=self._name)
        self.id = next(a["Value"] for a in user["UserAttributes"] if a["Name"] == "sub")

    def token(self) -> str:
        return sign_in(self._cognito, pool=self._pool, client=self._client, user=self._name, password=_PASSWORD)
