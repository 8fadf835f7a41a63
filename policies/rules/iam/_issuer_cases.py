"""The cases of `iam-trust-policy` about OIDC issuers: for each, what names somebody and what does not."""

from collections.abc import Iterator, Mapping, Sequence

from policies.framework import Example, Expect, Res
from policies.rules.common.role_stacks import UPDATE, trust
from policies.rules.iam._tokens import issuer_of

_BUILT_IN = ("accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com")

Claims = Mapping[str, str | Sequence[str]]
_AWS = {"aud": "sts.amazonaws.com"}
_ORG = "00000000-1111-2222-3333-444444444444"
_CIRCLECI = f"oidc.circleci.com/org/{_ORG}"
_BITBUCKET = "api.bitbucket.org/2.0/workspaces/my-team/pipelines-config/identity/oidc"
_EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
_AZURE = f"vstoken.dev.azure.com/{_ORG}"
_SENTINEL = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"
_ENTRA = {"aud": "api://AzureADTokenExchange"}
_CONTROLS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html"

_FINE: Mapping[str, Sequence[Claims]] = {
    "token.actions.githubusercontent.com": (
        {**_AWS, "sub": "repo:org/app:ref:refs/heads/main"},
        {"sub": ["repo:org/app:*", "repo:org/other:environment:production"]},
        {"sub": "repo:org/*"},
        # Subjects of repositories made since July 2026, and customized ones
        {"sub": "repo:org@123456/app@456789:ref:refs/heads/main"},
        {"sub": "repo:org@*/app@*:environment:production"},
        {"sub": "repository_owner_id:123456:repository_id:456789"},
        {"sub": "repository_owner:org"},
        {"sub": "environment:production:repository_owner:org"},
        {"sub": "job_workflow_ref:org/shared/.github/workflows/deploy.yml@refs/heads/main"},
        # Claims of which IAM evaluates these
        {**_AWS, "repository_id": "456789"},
        {"repository": "org/app"},
        {"sub": "repo:*", "repository_owner_id": "123456"},
        {"sub": "repo:*:environment:production", "enterprise_id": "42"},
        {"job_workflow_ref": "org/shared/.github/workflows/deploy.yml@*"},
    ),
    "token.actions.githubusercontent.com/my-enterprise": (_AWS, {"repository_id": "456789"}, {"sub": "repo:org/app:*"}),
    "token.actions.my-company.ghe.com": ({"repository_id": "456789"}, {"sub": "repo:org/app:*"}),
    "github.example.com/_services/token": ({"sub": "repo:org/app:*"}, _AWS),
    "oidc-configuration.audit-log.githubusercontent.com": ({"sub": "https://github.com/my-enterprise"},),
    "gitlab.com": (
        {"sub": "project_path:group/app:ref_type:branch:ref:main"},
        {"sub": "project_path:group/*"},
        {"sub": "project_path:*:ref_type:branch:ref:main", "namespace_id": "123"},
        {"project_id": "456"},
    ),
    "gitlab.example.com": ({"sub": "project_path:group/app:*"}, {"aud": "https://gitlab.example.com"}),
    "app.terraform.io": (
        {"aud": "aws.workload.identity", "sub": "organization:org:project:p:workspace:w:run_phase:*"},
        {"sub": "organization:org:*"},
    ),
    "agent.buildkite.com": (
        {**_AWS, "sub": "organization:org:pipeline:app:ref:refs/heads/main:commit:*:step:deploy"},
        {"sub": "organization:*", "organization_slug": "org"},
        {"pipeline_id": _ORG},
        {"sub": _ORG},
    ),
    "api.pulumi.com/oidc": (
        {"aud": "org"},
        {"aud": "aws:org"},
        {"aud": ["org", "aws:org"], "sub": "pulumi:deploy:org:org:project:app:*"},
        {"sub": "pulumi:environments:org:org:env:app/*"},
        {"sub": "pulumi:environments:pulumi.organization.login:org:currentEnvironment.name:app"},
        {"sub": "pulumi:*:org:org:*"},
    ),
    "oidc.vercel.com": ({"sub": "owner:team:project:app:environment:production"}, {"aud": "https://vercel.com/team"}),
    "oidc.vercel.com/team": ({"sub": "owner:team:project:*:environment:preview"}, {"aud": "https://vercel.com/team"}),
    "scalr.io": ({"sub": "account:my-account:environment:*"},),
    "oidc.codefresh.io": ({"aud": "https://g.codefresh.io", "sub": "account:5f30:pipeline:64de:*"},),
    "oidc.modal.com": ({"aud": "oidc.modal.com", "sub": "modal:workspace_id:ac-1:*"},),
    "api.gitpod.io/idp": ({**_AWS, "sub": "https://github.com/org/app"},),
    "login.app.env0.com/": ({"aud": "hoMiq9PdkRh9LUvVpH4wIErWg50VSG1b", "sub": "auth0|691b"},),
    "sandboxes.cloud": ({"aud": "org"},),
    _SENTINEL: ({"sts:RoleSessionName": "MicrosoftSentinel_0000"},),
    _CIRCLECI: (
        {"aud": _ORG, "sub": f"org/{_ORG}/project/p/user/*"},
        {"sub": f"org/{_ORG}/project/p/user/*"},
        {"sub": "org/*/project/p/user/*"},
        {"aud": _ORG},
        {"oidc.circleci.com/project-id": "p"},
    ),
    _BITBUCKET: (
        {"sub": "{1111-aaaa}:{2222-bbbb}:*"},
        {"sub": "{1111-aaaa}:*"},
        {"sub": "{1111-aaaa}*:*"},
        {"sub": "*:{2222-bbbb}:*"},
        {"aud": "ari:cloud:bitbucket::workspace/1111-aaaa"},
    ),
    "demo.app.spacelift.io": (
        {"sub": "space:production:*"},
        {"sub": "*:space_path:/company/production/*"},
        {"aud": "demo.app.spacelift.io"},
    ),
    "app.harness.io/ng/api/oidc/account/ABC": ({**_AWS, "sub": "account/ABC:org/default:project/app"}, _AWS),
    _AZURE: (
        {**_ENTRA, "sub": "sc://org/project/connection"},
        {"sub": "sc://org/project/*"},
        {"sub": ["sc://org/one/a", "sc://org/two/b"]},
    ),
    _EKS: (
        {**_AWS, "sub": "system:serviceaccount:shop:web"},
        {"sub": "system:serviceaccount:shop:*"},
    ),
    "container.googleapis.com/v1/projects/p/locations/l/clusters/c": ({"sub": "system:serviceaccount:shop:web"},),
    "dev-1.okta.com": ({"aud": "0oa1"}, {"sub": "00u1"}),
    "my-tenant.auth0.com/": ({"aud": "0oa1"},),
    "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_ABC": ({"aud": "1a2b"},),
    "login.microsoftonline.com/0000/v2.0": ({"aud": "api://app"}, {"sub": "1a2b"}),
    "accounts.google.com": (
        {"aud": "1078", "oaud": "sts.amazonaws.com", "sub": "1078"},
        {"sub": "1078"},
        {"google/organization_number": "12"},
    ),
    "cognito-identity.amazonaws.com": ({"aud": "eu-west-1:0-1", "amr": "authenticated"},),
    "graph.facebook.com": ({"app_id": "1"}, {"id": "2"}),
    "www.amazon.com": ({"app_id": "amzn1.1"}, {"user_id": "amzn1.2"}),
}
_WRONG: Mapping[str, Sequence[Claims]] = {
    "token.actions.githubusercontent.com": (
        _AWS,
        {"sub": "repo:*/app:*"},
        {"sub": "repo:or?/app:*"},
        {"sub": "*:ref:refs/heads/main"},
        {"sub": "repo:*@123456/*"},
        {"sub": "repo:*", "aud": "https://github.com/org"},
        {"sub": "environment:production"},
        {"sub": "ref:refs/heads/main"},
        {"sub": "repository_owner:org*"},
        {"environment": "production"},
        {"actor": "octocat"},
        {"ref": "refs/heads/main", "workflow": "deploy"},
        {"repository": "*/app"},
        {"repository_id": "4567*"},
        # Claims that IAM does not evaluate
        {"repository_owner": "org"},
        {"repository_visibility": "private"},
    ),
    "token.actions.my-company.ghe.com": ({"actor": "octocat"}, {}),
    "github.example.com/_services/token": ({}, {"sub": "*"}, {"sub": "repo:*"}, {"repository": "org/app"}),
    "gitlab.com": (
        {"aud": "https://gitlab.com"},
        {"sub": "project_path:*"},
        {"sub": "project_path:group*"},
        {"sub": "project_path:*/app:*"},
        {"user_login": "me"},
        {"project_path": "group/app"},
    ),
    "app.terraform.io": ({"aud": "aws.workload.identity"}, {"sub": "organization:*"}, {"sub": "organization:org*"}),
    "agent.buildkite.com": (_AWS, {"sub": "organization:*:pipeline:app:*"}, {"pipeline_slug": "app"}),
    "api.pulumi.com/oidc": ({}, {"aud": "aws:*"}, {"sub": "pulumi:deploy:*"}, {"sub": "pulumi:deploy:org:org*"}),
    "oidc.vercel.com": ({}, {"aud": "https://vercel.com/*"}, {"sub": "owner:*"}),
    "scalr.io": ({"aud": "aws.scalr.run.workload"},),
    "oidc.modal.com": ({"aud": "oidc.modal.com"}, {"sub": "modal:workspace_id:*"}),
    "api.gitpod.io/idp": (_AWS, {"sub": "https://github.com/*"}),
    "login.app.env0.com/": ({"aud": "hoMiq9PdkRh9LUvVpH4wIErWg50VSG1b"}, {"sub": "auth0|*"}),
    _SENTINEL: ({"aud": "api://1462b192"}, {"sts:RoleSessionName": "MicrosoftSentinel_*"}),
    _CIRCLECI: ({}, {"sub": "*"}, {"sub": "org/*"}, {"sub": "org/*/project/*"}),
    _BITBUCKET: ({}, {"sub": "*"}, {"sub": "*:*:*"}, {"sub": "{*}:*"}),
    "demo.app.spacelift.io": ({}, {"sub": "space:*:stack:*:run_type:*:scope:*"}),
    _AZURE: (_ENTRA, {"sub": "sc://*"}, {"sub": "sc://*/project/connection"}, {"sub": "sc://org*"}, {}),
    _EKS: (_AWS, {}, {"sub": "system:serviceaccount:*"}, {"sub": "system:serviceaccount:sho*:web"}),
    "container.googleapis.com/v1/projects/p/locations/l/clusters/c": ({"sub": "system:serviceaccount:*:web"},),
    "dev-1.okta.com": ({}, {"aud": "*"}, {"groups": "admins"}),
    "accounts.google.com": ({}, {"oaud": "sts.amazonaws.com"}, {"email": "me@example.com"}),
    "cognito-identity.amazonaws.com": ({}, {"amr": "authenticated"}, {"aud": "eu-west-1:*"}),
    "graph.facebook.com": ({},),
    "www.amazon.com": ({},),
}


def issuer_cases() -> Iterator[Example]:
    """Passing and failing ones for each issuer; `Example.source` is where its grammar is written."""
    for address, every in _FINE.items():
        for number, claims in enumerate(every):
            yield Example(f"{address}, named {number}", [_role(address, claims)], source=_source(address))
    for address, every in _WRONG.items():
        for number, claims in enumerate(every):
            finding = Expect(f"Federated::{_provider(address)}", "deploy", _says(address, claims))
            yield Example(
                f"{address}, not named {number}", [_role(address, claims)], [finding], source=_source(address)
            )


def _says(address: str, claims: Claims) -> list[str]:
    first = next(iter(issuer_of(address).names))
    said = [first if ":" in first else f"{address}:{first}", "Fix: write a condition"]
    others = next((value for name, value in claims.items() if name == "sub" and "*" in value and value != "*"), "")
    if others:
        said.append(f'{address}:sub is "{others}", which others can have too')
    if set(claims) & {"repository_owner", "repository_visibility", "project_path", "groups"}:
        said.append(f"IAM does not evaluate {next(iter(claims))}")
    return said


def _source(address: str) -> str:
    return issuer_of(address).source or _CONTROLS


def _provider(address: str) -> str:
    return address if address in _BUILT_IN else f"arn:aws:iam::123456789012:oidc-provider/{address}"


def _role(address: str, claims: Claims) -> Res:
    condition = {name if ":" in name else f"{address}:{name}": value for name, value in claims.items()}
    trusted = trust(
        {"Federated": _provider(address)},
        {"StringLike": condition} if condition else None,
        Action="sts:AssumeRoleWithWebIdentity",
    )
    return UPDATE.role("deploy", trusted)
