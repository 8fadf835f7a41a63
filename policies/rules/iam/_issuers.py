"""Who issues OIDC tokens, and what in a token says whose workload has it.

IAM tells shared issuers, which all customers of a vendor have in common, from private ones, whose address is one
customer's own (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html). Beside
`sub` and `aud` it evaluates few claims, and of few issuers: those that the Service Authorization Reference has as
condition keys of sts:AssumeRoleWithWebIdentity
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif). A test
compares the claims here with its data.

In what names somebody, `<name>` is a whole name without wildcard, and anything may follow: `repo:my-org/*` names
somebody, `repo:my-org*` is `my-organisation` too. `<all>` is a value without wildcards, `<any>` every value, `<uuid>`
an id, and `<own>` a subject of one's own issuer, which says more than the first word of its grammar.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_EVERYWHERE = frozenset({"sub", "aud", "amr", "azp", "email", "oaud"})
"""The claims that IAM evaluates of every issuer."""


@dataclass(frozen=True)
class Issuer:
    """One issuer, or several of one vendor.

    :ivar host: its address without `https://`, as a pattern with `*`.
    :ivar shared: whether all customers of the vendor have it in common.
    :ivar names: by claim, what names somebody. A claim with a colon is a whole condition key.
    :ivar also: claims that IAM evaluates too, but that say nothing of whose workload it is.
    :ivar example: what a remedy shows of the first claim: a value, or words with spaces that say which.
    :ivar pairs: whether customers choose the parts of the subject, so that others may come first.
    """

    vendor: str
    host: str
    shared: bool
    names: Mapping[str, Sequence[str]]
    example: str
    source: str
    also: frozenset[str] = field(default_factory=frozenset)
    pairs: bool = False

    def named_by(self, claim: str) -> tuple[str, ...]:
        """What of a claim, given in small letters, names somebody."""
        return tuple(next((names for known, names in self.names.items() if known.lower() == claim), ()))

    def knows(self, claim: str) -> bool:
        """Whether IAM evaluates a claim, given in small letters."""
        return claim in _EVERYWHERE or claim in self.names or claim in self.also


_GITHUB_CLAIMS = {
    "sub": (
        *(
            "repo:<name>/",
            "repo:<name>@",
            "repository:<name>/",
            "repository_owner:<name>",
            "repository_owner_id:<name>",
        ),
        *("repository_id:<name>", "job_workflow_ref:<name>/", "workflow_ref:<name>/", "enterprise:<name>"),
        "enterprise_id:<name>",
    ),
    "repository": ("<name>/",),
    "repository_id": ("<all>",),
    "repository_owner_id": ("<all>",),
    "enterprise_id": ("<all>",),
    "job_workflow_ref": ("<name>/",),
}
_GITHUB_ALSO = frozenset({"actor", "actor_id", "environment", "ref", "workflow"})
"""Everybody can name an environment or a branch like yours; and a person acts in repositories of others too."""

_GITHUB_DOCS = "https://docs.github.com/en/actions/reference/security/oidc"
_RCP = (
    "https://github.com/aws-samples/resource-control-policy-examples/tree/main/"
    "Limit-access-to-trusted-OIDC-identity-providers"
)
_KEYS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif"
_ANY = {"sub": ("<own>",), "aud": ("<any>",)}
_OWN_EXAMPLE = "the subject of one workload, or on :aud with the audience of your application"
_POD = {"sub": ("system:serviceaccount:<name>:",)}
_POD_EXAMPLE = "system:serviceaccount:my-namespace:my-service-account"
_GITPOD = "https://www.gitpod.io/docs/classic/user/configure/user-settings/oidc"
_ROSA = "https://docs.aws.amazon.com/rosa/latest/userguide/security-iam-awsmanpol.html"
_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"
_WEB_IDENTITY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"


def _vendor(vendor: str, host: str, *subjects: str, source: str = _RCP) -> Issuer:
    """A shared issuer whose subjects begin with the customer."""
    example = subjects[0].replace("<name>", "my-organization").replace("<all>", "auth0|my-organization")
    return Issuer(vendor, host, True, {"sub": subjects}, f"{example}*" if example[-1] in ":/" else example, source)


def _own(vendor: str, host: str, names: Mapping[str, Sequence[str]], example: str, source: str) -> Issuer:
    return Issuer(vendor, host, False, names, example, source)


ISSUERS = (
    *(
        Issuer("GitHub", host, shared, names, "repo:my-org/my-repo:*", _GITHUB_DOCS, also, pairs=True)
        for host, shared, names, also in (
            ("token.actions.githubusercontent.com", True, _GITHUB_CLAIMS, _GITHUB_ALSO),
            ("vstoken.actions.githubusercontent.com", True, {"sub": _GITHUB_CLAIMS["sub"]}, frozenset[str]()),
            # An enterprise's own: https://docs.github.com/en/enterprise-cloud@latest/actions/reference/security/oidc
            ("token.actions.githubusercontent.com/*", False, {**_GITHUB_CLAIMS, **_ANY}, _GITHUB_ALSO),
            ("token.actions.*.ghe.com", False, {**_GITHUB_CLAIMS, **_ANY}, _GITHUB_ALSO),
        )
    ),
    _vendor("GitHub", "oidc-configuration.audit-log.githubusercontent.com", "https://github.com/<name>"),
    Issuer(
        "GitLab",
        "gitlab.com",
        True,
        {
            "sub": ("project_path:<name>/", "project_id:<name>", "namespace_id:<name>", "namespace_path:<name>"),
            "project_id": ("<all>",),
            "namespace_id": ("<all>",),
        },
        "project_path:my-group/my-project:*",
        "https://docs.gitlab.com/ci/cloud_services/aws/",
        frozenset({"pipeline_source", "ref_protected", "runner_environment", "user_access_level"})
        | frozenset({"user_email", "user_id", "user_login"}),
    ),
    Issuer(
        "Buildkite",
        "agent.buildkite.com",
        True,
        {
            # One id alone by choice: https://buildkite.com/docs/agent/cli/reference/oidc
            "sub": ("organization:<name>:", "<uuid>"),
            "organization_id": ("<all>",),
            "organization_slug": ("<all>",),
            "pipeline_id": ("<all>",),
            "cluster_id": ("<all>",),
        },
        "organization:my-org:pipeline:my-pipeline:*",
        "https://buildkite.com/docs/pipelines/security/oidc/aws",
        frozenset({"build_branch", "cluster_name", "pipeline_slug"}),
    ),
    Issuer(
        "Pulumi Cloud",
        "api.pulumi.com/oidc",
        True,
        {
            "aud": ("<name>", "aws:<name>"),
            "sub": (
                *(f"pulumi:{kind}:org:<name>" for kind in ("deploy", "environments", "*")),
                *(f"pulumi:{kind}:pulumi.organization.login:<name>" for kind in ("environments", "cmk")),
            ),
        },
        "aws:my-org",
        "https://www.pulumi.com/docs/esc/guides/configuring-oidc/aws/",
    ),
    Issuer(
        "Vercel",
        "oidc.vercel.com",
        True,
        {"sub": ("owner:<name>:",), "aud": ("https://vercel.com/<name>",)},
        "owner:my-team:project:my-project:environment:production",
        "https://vercel.com/docs/oidc/aws",
    ),
    *(
        _vendor(
            "HCP Terraform",
            host,
            "organization:<name>:",
            source="https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/"
            "aws-configuration",
        )
        for host in ("app.terraform.io", "app.eu.terraform.io")
    ),
    _vendor("Scalr", "scalr.io", "account:<name>:"),
    _vendor("Codefresh", "oidc.codefresh.io", "account:<name>:"),
    _vendor("Upbound", "proidc.upbound.io", "mcp:<name>:"),
    _vendor("Shisho Cloud", "tokens.cloud.shisho.dev", "job:<name>:"),
    _vendor("DataChain", "studio.datachain.ai/api", "credentials:<name>/"),
    _vendor(
        "Modal", "oidc.modal.com", "modal:workspace_id:<name>:", source="https://modal.com/docs/guide/oidc-integration"
    ),
    *(
        _vendor("Gitpod", host, "https://github.com/<name>/", "https://<name>/<name>/", source=_GITPOD)
        for host in ("api.gitpod.io/idp", "services.gitpod.io/idp")
    ),
    _vendor("env0", "login.app.env0.com", "<all>", source="https://docs.envzero.com/"),
    *(
        _vendor("IBM Turbonomic", f"{host}/{tenant}", "system:serviceaccount:<name>:")
        for host, tenants in {
            "rh-oidc.s3.us-east-1.amazonaws.com": (
                *("22ejnvnnturfmt6km08idd0nt4hekbn7", "23e3sd27sju1hoou6ohfs68vbno607tr"),
                *("23ne21h005qjl3n33d8dui5dlrmv2tmg", "24jrf12m5dj7ljlfb4ta2frhrcoadm26"),
            ),
            "oidc.op1.openshiftapps.com": (*("2f785sojlpb85i7402pk3qogugim5nfb", "2c51blsaqa9gkjt0o9rt11mle8mmropu"),),
        }.items()
        for tenant in tenants
    ),
    Issuer("sandboxes.cloud", "sandboxes.cloud", True, {"aud": ("<all>",)}, "my-org", _RCP),
    Issuer(
        "Microsoft Sentinel",
        "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d",
        True,
        {"sts:RoleSessionName": ("<all>",)},
        "MicrosoftSentinel_my-workspace-id",
        "https://learn.microsoft.com/en-us/azure/sentinel/connect-aws",
    ),
    # Those that IAM knows without an identity provider of one's own
    Issuer(
        "Google",
        "accounts.google.com",
        True,
        {"aud": ("<all>",), "sub": ("<all>",), "google/organization_number": ("<all>",)},
        "the id of your client or service account",
        _WEB_IDENTITY,
    ),
    Issuer(
        "Amazon Cognito",
        "cognito-identity*.amazonaws.com*",
        True,
        {"aud": ("<all>",), "sub": ("<all>",)},
        "the id of your identity pool",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html",
    ),
    *(
        Issuer(
            vendor, host, True, {"app_id": ("<all>",), user: ("<all>",)}, "the id of your application", _WEB_IDENTITY
        )
        for vendor, host, user in (
            ("Facebook", "graph.facebook.com", "id"),
            ("Login with Amazon", "www.amazon.com", "user_id"),
        )
    ),
    # A customer's own, by whose audience nobody is told from anybody: it is the same in every token
    *(
        _own("Kubernetes", host, _POD, _POD_EXAMPLE, source)
        for host, source in (
            ("oidc.eks.*", _EKS),
            ("oidc-eks.*", _EKS),
            (
                "container.googleapis.com/v1/projects/*",
                "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity",
            ),
            ("*.oic.*.azure.com/*", "https://learn.microsoft.com/en-us/azure/aks/use-oidc-issuer"),
            ("*.openshiftapps.com/*", _ROSA),
            ("rh-oidc*.amazonaws.com/*", _ROSA),
        )
    ),
    _own(
        "Azure DevOps",
        "vstoken.dev.azure.com/*",
        {"sub": ("sc://<name>/", "p://<name>/")},
        "sc://my-organization/my-project/my-service-connection",
        "https://docs.aws.amazon.com/vsts/latest/userguide/getting-started.html",
    ),
    # A customer's own
    _own(
        "CircleCI",
        "oidc.circleci.com/org/*",
        {
            "sub": ("org/<name>/", "org/*/project/<name>/"),
            "aud": ("<any>",),
            "oidc.circleci.com/project-id": ("<all>",),
        },
        "org/my-organization-id/project/my-project-id/user/*",
        "https://circleci.com/docs/openid-connect-tokens/",
    ),
    _own(
        "Bitbucket",
        "api.bitbucket.org/*",
        {"sub": ("<own>", "{<name>}", "<name>:", "*:{<name>}"), "aud": ("<any>",)},
        "{my-repository-uuid}:*",
        "https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/",
    ),
    _own(
        "Spacelift",
        "*.app.spacelift.io",
        {"sub": ("<own>", "*:space_path:/<name>/"), "aud": ("<any>",)},
        "space:my-space:*",
        "https://docs.spacelift.io/integrations/cloud-providers/oidc/aws-oidc",
    ),
    _own(
        "Oracle Cloud",
        "idcs-*.identity.oraclecloud.com",
        {**_ANY, "rpst_id": ("<all>",)},
        "the id of your resource principal",
        _KEYS,
    ),
)

SOMEBODYS_OWN = _own(
    "", "*", _ANY, _OWN_EXAMPLE, "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html"
)
"""An issuer that is not listed: a tenant's, a company's, or one that is new."""
