"""How to write what is malformed, and the page that says so."""

import re

from policies.framework.resources import Resource

_KIND = re.compile(r"a |an |the |text|ARNs|true or|\"|[A-Z]\w+ or")
_REGISTRY = "https://www.pulumi.com/registry/packages"
_POLICY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"
_CONTAINER = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"
_POLICIES = frozenset({"policy", "assumeRolePolicy", "inlinePolicies", "inlinePolicy"})
_HOLDERS = (":iam/", ":iam:", ":ssoadmin/", ":sso:")
_HOW = {
    "is not valid JSON": "write the text with json.dumps, or with pulumi.Output.json_dumps if it has outputs in it",
    "has no ": "add it",
    "must have": "write one of the two",
    "without its service": 'write it as "service:Action"',
    "neither text": "write it as text or a number",
    "neither": 'write it as "*" or as the resource\'s ARN',
    "twice": "keep one of the two",
    "is refused here": "take it out",
    "nested": "write it flatter",
    "number": "write a number of usual size",
}
"""What to do, by what is wrong."""


def how_to_write(resource: Resource, path: str, reason: str) -> str:
    """The remedy for a property that is malformed.

    :param reason: what is wrong with it.
    """
    form = f"its form is at {_page(resource, path)}"
    wanted = reason.removeprefix("must be ").partition(", not ")[0]
    if wanted != reason and _KIND.match(wanted):
        return f"write it as {wanted}; {form}"
    how = next((how for said, how in _HOW.items() if said in reason), "correct it")
    return f"{how}; {form}"


def _page(resource: Resource, path: str) -> str:
    top = path.partition(".")[0].partition("[")[0]
    if top in _POLICIES and any(holder in resource.type for holder in _HOLDERS):
        return _POLICY
    if top == "containerDefinitions":
        return _CONTAINER
    # `aws:ecr/repository:Repository` and `aws-native:ecr:Repository`; other names of a type have no page.
    package, module, name = (resource.type if resource.part is None else resource.written_type).split(":")
    return f"{_REGISTRY}/{package}/api-docs/{module.partition('/')[0]}/{name}/".lower()
