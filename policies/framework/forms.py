"""How to write what is malformed, and the page that says so."""

from policies.framework.resources import Resource

_REGISTRY = "https://www.pulumi.com/registry/packages"
_POLICY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"
_CONTAINER = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"
_POLICIES = frozenset({"policy", "assumeRolePolicy", "inlinePolicies", "inlinePolicy"})
_HOLDERS = (":iam/", ":iam:", ":ssoadmin/", ":sso:")
_DUMPS = "write the text with json.dumps, or with pulumi.Output.json_dumps if it has outputs in it"


def how_to_write(resource: Resource, path: str, reason: str) -> str:
    """The remedy for a property that is malformed.

    :param reason: what is wrong with it.
    """
    page = _page(resource, path)
    if "valid JSON" in reason:
        return f"{_DUMPS}; {page} has its form"
    return f"write it in the form that {page} gives"


def _page(resource: Resource, path: str) -> str:
    top = path.partition(".")[0].partition("[")[0]
    if top in _POLICIES and any(holder in resource.type for holder in _HOLDERS):
        return _POLICY
    if top == "containerDefinitions":
        return _CONTAINER
    # `aws:ecr/repository:Repository` and `aws-native:ecr:Repository`; other names of a type have no page.
    package, module, name = (resource.type if resource.part is None else resource.written_type).split(":")
    return f"{_REGISTRY}/{package}/api-docs/{module.partition('/')[0]}/{name}/".lower()
