"""The sections of the settings for a login in front of a service."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.services.login_args import (
    LOGIN_DEFAULTS,
    AuthenticationArgs,
    CognitoArgs,
    LoginChoices,
    OidcArgs,
    Unauthenticated,
)

from ..arns import UserPoolArn
from ..kinds import ConfigurationKey, CookieName, HttpsAddress, LoginScope, NotEmpty, UserPoolDomain
from ..section import Section


class Login(Section):
    """What every login says."""

    arguments_class: ClassVar[type | None] = LoginChoices
    scope: LoginScope = LOGIN_DEFAULTS["scope"]
    session_timeout_seconds: Annotated[int, Field(ge=1, le=604_800)] = LOGIN_DEFAULTS["session_timeout_seconds"]
    session_cookie_name: CookieName = LOGIN_DEFAULTS["session_cookie_name"]
    on_unauthenticated_request: Unauthenticated = LOGIN_DEFAULTS["on_unauthenticated_request"]
    extra_parameters: Annotated[dict[NotEmpty, str], Field(max_length=10)] | None = None


class Oidc(Login):
    """A login at an identity provider with OpenID Connect."""

    arguments_class = OidcArgs
    issuer: HttpsAddress
    authorization_endpoint: HttpsAddress
    token_endpoint: HttpsAddress
    user_info_endpoint: HttpsAddress
    client_id: NotEmpty
    client_secret_key: ConfigurationKey = Field(
        description="Configuration key of the client's secret; set it by `pulumi config set --secret <key>`."
    )


class Cognito(Login):
    """A login at a user pool of Amazon Cognito."""

    arguments_class = CognitoArgs
    user_pool_arn: UserPoolArn
    user_pool_client_id: NotEmpty
    user_pool_domain: UserPoolDomain


class Authentication(Section):
    """A login in front of a service."""

    arguments_class = AuthenticationArgs
    oidc: Oidc | None = None
    cognito: Cognito | None = None
