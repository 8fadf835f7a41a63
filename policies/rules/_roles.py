"""Which roles workloads have, and which policies belong to a role: by name where it is known, else by dependencies."""

from collections.abc import Callable, Iterable, Mapping

from policies.framework import Malformed, Resource, Stack, elements, peek
from policies.framework.values import UnknownValue
from policies.rules._iam_documents import trust_statements

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ATTACHMENTS = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
MANY_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
GROUP_ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"

TASK_ROLES = ("taskRoleArn", "executionRoleArn")

Seen = Callable[..., Iterable[Resource]]

_ROLES_OF = {ATTACHMENT: "role", ATTACHMENTS: "roleName", MANY_ATTACHMENT: "roles", ROLE_POLICY: "role"}
_POLICIES_OF = {ATTACHMENT: "policyArn", ATTACHMENTS: "policyArns", MANY_ATTACHMENT: "policyArn"}


def is_for_a_workload(role: Resource) -> bool:
    """Whether a service of AWS or a pipeline elsewhere (OIDC) may assume a role, rather than people only.

    A trust policy that cannot be read counts as one that might.
    """
    try:
        statements = trust_statements(peek(role.inputs, "assumeRolePolicy"), "assumeRolePolicy")
    except (Malformed, UnknownValue):
        return True
    allowed = [statement.principals for statement in statements if statement.allow]
    return any(
        kind == "Service" or (kind == "Federated" and any("oidc-provider/" in name for name in names))
        for principals in allowed
        for kind, names in principals.items()
    )


def policy_arns(resource: Resource) -> tuple[str, list[object]]:
    """The property of a role or an attachment that names managed policies, and what it names (known or not)."""
    prop = "managedPolicyArns" if resource.type == ROLE else _POLICIES_OF[resource.type]
    return prop, _listed(resource, prop)


def seen_role(owner: Resource, seen: Seen) -> list[Resource]:
    """For a check at registration: the roles registered so far that an inline policy or an attachment names."""
    if owner.type == ROLE:
        return [owner]
    names = _listed(owner, _ROLES_OF[owner.type])
    return [role for role in seen(ROLE) if _is_name_of(role, names)]


def seen_policy(arn: object, seen: Seen) -> Resource | None:
    """For a check at registration: the policy of the stack that an ARN names."""
    return next((policy for policy in seen(POLICY) if _names(arn, policy, "policy")), None)


class Roles:
    """The roles of one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._all = stack.of_type(ROLE)
        self.purposes: dict[str, dict[str, list[Resource]]] = {}
        """By the URN of a role, the task definitions that use it, by property."""
        for definition in stack.of_type(TASK_DEFINITION):
            for prop in TASK_ROLES:
                for role in self.behind_task(definition, prop):
                    self.purposes.setdefault(role.urn, {}).setdefault(prop, []).append(definition)

    def of_workloads(self) -> list[Resource]:
        """The roles that tasks, builds, instances and deployments have."""
        return [role for role in self._all if self._works(role)]

    def of_tasks(self) -> list[Resource]:
        """The roles that task definitions name."""
        return [role for role in self._all if role.urn in self.purposes]

    def is_judged(self, owner: Resource) -> bool:
        """Whether an inline policy or an attachment belongs to a workload's role, or to one outside of the stack."""
        roles = [owner] if owner.type == ROLE else self.named(owner)
        return not roles or any(self._works(role) for role in roles)

    def named(self, owner: Resource) -> list[Resource]:
        """The roles of the stack that an inline policy or an attachment names."""
        prop = _ROLES_OF[owner.type]
        names = _listed(owner, prop)
        return [role for role in self._all if _is_name_of(role, names)] or self._stack.behind(owner, prop, ROLE)

    def behind_task(self, definition: Resource, prop: str) -> list[Resource]:
        """The roles that a property of a task definition names; one where it can be told."""
        value = peek(definition.inputs, prop)
        by_arn = [role for role in self._all if _names(value, role, "role")]
        return by_arn or self._stack.behind(definition, prop, ROLE)

    def holds(self, policy: Resource) -> bool:
        """Whether a managed policy is to be judged: unless all that have it are people's."""
        holders = self._stack.of_type(ROLE, *_POLICIES_OF)
        attached = [holder for holder in holders if self._has(holder, policy)]
        if any(self.is_judged(holder) for holder in attached if self._has_roles(holder)):
            return True
        people = [
            other
            for other in self._stack.of_type(USER_ATTACHMENT, GROUP_ATTACHMENT)
            if self._is(peek(other.inputs, "policyArn"), other, "policyArn", policy)
        ]
        return not attached and not people

    def _works(self, role: Resource) -> bool:
        return role.urn in self.purposes or is_for_a_workload(role)

    def _has(self, holder: Resource, policy: Resource) -> bool:
        prop, arns = policy_arns(holder)
        return any(self._is(arn, holder, prop, policy) for arn in arns)

    def _has_roles(self, holder: Resource) -> bool:
        return holder.type != MANY_ATTACHMENT or bool(_listed(holder, "roles"))

    def _is(self, arn: object, holder: Resource, prop: str, policy: Resource) -> bool:
        if isinstance(arn, str):
            return _names(arn, policy, "policy")
        return policy in self._stack.behind(holder, prop, POLICY)


def _listed(resource: Resource, prop: str) -> list[object]:
    """What a property names, be it a list or one; an unknown list is one unknown."""
    value = peek(resource.inputs, prop)
    if value is None:
        return []
    if isinstance(value, str) or not _is_list(value):
        return [value]
    return list(elements(value, prop))


def _is_list(value: object) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str | Mapping)


def _is_name_of(role: Resource, names: list[object]) -> bool:
    own = {peek(role.inputs, "name"), peek(role.props, "name"), peek(role.props, "id")} - {None}
    return any(isinstance(name, str) and name in own for name in names)


def _names(arn: object, resource: Resource, kind: str) -> bool:
    """Whether a known ARN is that of a role or a policy, whose own ARN is not known at registration."""
    if not isinstance(arn, str) or not arn:
        return False
    if peek(resource.props, "arn") == arn:
        return True
    name = peek(resource.inputs, "name")
    path = peek(resource.inputs, "path") or "/"
    return isinstance(name, str) and isinstance(path, str) and arn.endswith(f":{kind}{path}{name}")
