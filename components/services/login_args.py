"""What a login in front of a service is made from: the load balancer sends a client to an identity provider first."""

from enum import Enum
from typing import Final, TypedDict

import pulumi


class Unauthenticated(str, Enum):
    """What happens to a request without a session."""

    AUTHENTICATE = "authenticate"
    DENY = "deny"
    ALLOW = "allow"


class LoginChoices(TypedDict, total=False):
    """What a person chooses of a login, whoever the identity provider is."""

    scope: str
    """What the application asks to know of the user, separated by spaces. Defaults to openid."""
    session_timeout_seconds: int
    """Seconds after which the user is asked again, 1 to 604800. Defaults to 604800, seven days."""
    session_cookie_name: str
    """Start of the session cookies' names; services of one host with logins of their own need different ones. Defaults
    to AWSELBAuthSessionCookie."""
    on_unauthenticated_request: Unauthenticated
    """authenticate sends a client without a session to the login, deny answers 401, allow passes the request on.
    Defaults to authenticate."""
    extra_parameters: dict[str, str]
    """Query parameters that the redirect to the identity provider gets too, at most 10. Defaults to none."""


class OidcArgs(LoginChoices):
    """An identity provider with OpenID Connect. Its `/.well-known/openid-configuration` has all five addresses."""

    issuer: str
    """The issuer, an https:// address."""
    authorization_endpoint: str
    """Where the client logs in, an https:// address."""
    token_endpoint: str
    """Where the load balancer gets tokens, an https:// address that it must reach over IPv4."""
    user_info_endpoint: str
    """Where the load balancer gets the user's claims, an https:// address that it must reach over IPv4."""
    client_id: str
    """Id that the identity provider gave the application."""
    client_secret: pulumi.Input[str]
    """Secret that it gave with the id."""


class CognitoArgs(LoginChoices):
    """A user pool of Amazon Cognito, in the same region. Its client needs a secret and the code grant."""

    user_pool_arn: str
    """ARN of the user pool."""
    user_pool_client_id: str
    """Id of the client in the pool."""
    user_pool_domain: str
    """Domain of the pool: the prefix of a domain of Cognito's, or a domain of your own in full."""


class AuthenticationArgs(TypedDict, total=False):
    """A login in front of a service: one of the two."""

    oidc: OidcArgs
    """An identity provider with OpenID Connect."""
    cognito: CognitoArgs
    """A user pool of Amazon Cognito."""


LOGIN_DEFAULTS: Final[LoginChoices] = {
    "scope": "openid",
    "session_timeout_seconds": 604_800,
    "session_cookie_name": "AWSELBAuthSessionCookie",
    "on_unauthenticated_request": Unauthenticated.AUTHENTICATE,
}
