"""The actions by which a load balancer asks a client to log in first."""

import pulumi_aws as aws

from ..common.arguments import complete
from .login_args import LOGIN_DEFAULTS, AuthenticationArgs, CognitoArgs, LoginChoices, OidcArgs, Unauthenticated


def actions(args: AuthenticationArgs | None, target_group_arn: object) -> list[aws.lb.ListenerRuleActionArgs]:
    """Return a rule's actions: the login if there is one, then the target group."""
    forward = aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=target_group_arn)  # type: ignore[arg-type]
    if not args:
        return [forward]
    # Without an order of their own the provider would take them as they come, and so would a reader.
    forward.order = 2
    if "oidc" in args:
        oidc = complete(OidcArgs, args["oidc"], LOGIN_DEFAULTS)
        return [
            aws.lb.ListenerRuleActionArgs(type="authenticate-oidc", order=1, authenticate_oidc=_oidc(oidc)),
            forward,
        ]
    cognito = complete(CognitoArgs, args["cognito"], LOGIN_DEFAULTS)
    login = aws.lb.ListenerRuleActionArgs(
        type="authenticate-cognito",
        order=1,
        authenticate_cognito=aws.lb.ListenerRuleActionAuthenticateCognitoArgs(
            user_pool_arn=cognito["user_pool_arn"],
            user_pool_client_id=cognito["user_pool_client_id"],
            user_pool_domain=cognito["user_pool_domain"],
            scope=cognito["scope"],
            session_cookie_name=cognito["session_cookie_name"],
            session_timeout=int(cognito["session_timeout_seconds"]),
            on_unauthenticated_request=_unauthenticated(cognito),
            authentication_request_extra_params=cognito.get("extra_parameters"),
        ),
    )
    return [login, forward]


def _oidc(oidc: OidcArgs) -> aws.lb.ListenerRuleActionAuthenticateOidcArgs:
    return aws.lb.ListenerRuleActionAuthenticateOidcArgs(
        issuer=oidc["issuer"],
        authorization_endpoint=oidc["authorization_endpoint"],
        token_endpoint=oidc["token_endpoint"],
        user_info_endpoint=oidc["user_info_endpoint"],
        client_id=oidc["client_id"],
        client_secret=oidc["client_secret"],
        scope=oidc["scope"],
        session_cookie_name=oidc["session_cookie_name"],
        session_timeout=int(oidc["session_timeout_seconds"]),
        on_unauthenticated_request=_unauthenticated(oidc),
        authentication_request_extra_params=oidc.get("extra_parameters"),
    )


def _unauthenticated(login: LoginChoices) -> str:
    return Unauthenticated(login["on_unauthenticated_request"]).value
