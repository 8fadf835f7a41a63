"""Which roles workloads have, and which policies belong to a role: by name where it is known, else by dependencies."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TypeGuard

from policies.framework import Malformed, Resource, Stack, Unknown, elements, peek
from policies.rules.common.iam_documents import trust_document

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ATTACHMENTS = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
MANY_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
GROUP_ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
USER_ATTACHMENTS = "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive"
GROUP_ATTACHMENTS = "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive"
USER = "aws:iam/user:User"
SSO_ATTACHMENT = "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment"
SSO_ATTACHMENTS = "aws:ssoadmin/customerManagedPolicyAttachmentsExclusive:CustomerManagedPolicyAttachmentsExclusive"
SSO_BOUNDARY = "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"

TASK_ROLES = ("taskRoleArn", "executionRoleArn")

Seen = Callable[..., Iterable[Resource]]

_ROLES_OF = {ATTACHMENT: "role", ATTACHMENTS: "roleName", MANY_ATTACHMENT: "roles", ROLE_POLICY: "role"}
_POLICIES_OF = {
    ATTACHMENT: "policyArn",
    ATTACHMENTS: "policyArns",
    MANY_ATTACHMENT: "policyArn",
    ROLE: "managedPolicyArns",
    USER_ATTACHMENT: "policyArn",
    USER_ATTACHMENTS: "policyArns",
    GROUP_ATTACHMENT: "policyArn",
    GROUP_ATTACHMENTS: "policyArns",
}
_REFERENCES_OF = {
    SSO_ATTACHMENT: "customerManagedPolicyReference",
    SSO_ATTACHMENTS: "customerManagedPolicyReferences",
    SSO_BOUNDARY: "permissionsBoundary",
}
"""Where IAM Identity Center names policies, by name and path: all for people."""

NO_WORKLOADS = (USER_ATTACHMENT, USER_ATTACHMENTS, GROUP_ATTACHMENT, GROUP_ATTACHMENTS, USER, *_REFERENCES_OF)
"""What has policies without giving them to a role."""


def is_for_a_workload(role: Resource) -> bool:
    """Whether a service of AWS or a pipeline elsewhere (OIDC) may assume a role, rather than people only.

    A trust policy that cannot be read counts as one that might.
    """
    document = trust_document(peek(role.inputs, "assumeRolePolicy"), "assumeRolePolicy")
    allowed = [statement.principals for statement in document.statements if statement.allow]
    return bool(document.problems) or any(
        kind == "Service" or (kind == "Federated" and any("oidc-provider/" in name for name in names))
        for principals in allowed
        for kind, names in principals.items()
    )


def policy_arns(resource: Resource) -> tuple[str, list[object]]:
    """The property of a role or an attachment that names managed policies, and what it names (known or not)."""
    prop = _POLICIES_OF.get(resource.type, "policyArn")
    return prop, _listed(resource, prop)


def seen_role(owner: Resource, seen: Seen) -> list[Resource]:
    """For a check at registration: the roles registered so far that an inline policy or an attachment names."""
    if owner.type == ROLE:
        return [owner]
    return _SEEN_ROLES.find(seen(ROLE), filter(_is_text, _listed(owner, _ROLES_OF[owner.type])))


def seen_policy(arn: object, seen: Seen) -> Resource | None:
    """For a check at registration: the policy of the stack that an ARN names."""
    return next(iter(_SEEN_POLICIES.find(seen(POLICY), [_key(arn)] if _is_text(arn) else ())), None)


@lru_cache(maxsize=1)
def roles_of(stack: Stack) -> "Roles":
    """The roles of a stack, gathered once for all rules."""
    return Roles(stack)


class Roles:
    """The roles of one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._all = stack.of_type(ROLE)
        self._by_name: dict[str, list[Resource]] = defaultdict(list)
        self._by_arn: dict[str, list[Resource]] = defaultdict(list)
        for role in self._all:
            for name in _names_of(role):
                self._by_name[name].append(role)
        for resource in (*self._all, *stack.of_type(POLICY)):
            for key in _keys_of(resource):
                self._by_arn[key].append(resource)
        self.purposes: dict[str, dict[str, list[Resource]]] = {}
        """By the URN of a role, the task definitions that use it, by property."""
        for definition in stack.of_type(TASK_DEFINITION):
            for prop in TASK_ROLES:
                for role in self.behind_task(definition, prop):
                    self.purposes.setdefault(role.urn, {}).setdefault(prop, []).append(definition)
        self._holders: dict[str, list[Resource]] = defaultdict(list)
        for holder in stack.of_type(*_POLICIES_OF):
            for policy in self._held(holder):
                self._holders[policy.urn].append(holder)
        self._grants_no_workload = {policy.urn for policy in self._of_boundaries_and_people()}

    def of_workloads(self) -> list[Resource]:
        """The roles that tasks, builds, instances and deployments have."""
        return [role for role in self._all if self._works(role)]

    def of_tasks(self) -> list[Resource]:
        """The roles that task definitions name."""
        return [role for role in self._all if role.urn in self.purposes]

    def is_judged(self, owner: Resource) -> bool:
        """Whether a role, an inline policy or an attachment is a workload's, or that of a role outside of the stack."""
        roles = [owner] if owner.type == ROLE else self.named(owner)
        return not roles or any(self._works(role) for role in roles) or self._names_others(owner)

    def _names_others(self, owner: Resource) -> bool:
        """Whether an attachment to several roles also names one that is not in the stack."""
        if owner.type != MANY_ATTACHMENT:
            return False
        names = _listed(owner, "roles")
        behind = self._stack.behind(owner, "roles", ROLE)
        return any(name not in self._by_name if _is_text(name) else not behind for name in names)

    def named(self, owner: Resource) -> list[Resource]:
        """The roles of the stack that an inline policy or an attachment names."""
        prop = _ROLES_OF[owner.type]
        listed = _listed(owner, prop)
        by_name = [role for name in listed if _is_text(name) for role in self._by_name.get(name, [])]
        unknown = any(isinstance(name, Unknown) for name in listed)
        return by_name if by_name and not unknown else [*by_name, *self._stack.behind(owner, prop, ROLE)]

    def behind_task(self, definition: Resource, prop: str) -> list[Resource]:
        """The roles that a property of a task definition names; one where it can be told."""
        value = peek(definition.inputs, prop)
        by_arn = self._by_arn.get(_key(value), []) if _is_text(value) else []
        return by_arn or self._stack.behind(definition, prop, ROLE)

    def holds(self, policy: Resource) -> bool:
        """Whether a managed policy is to be judged: unless all that have it are people's or have it as a boundary."""
        holders = self._holders.get(policy.urn, [])
        of_roles = [holder for holder in holders if holder.type == ROLE or self._has_roles(holder)]
        unused = not holders and policy.urn not in self._grants_no_workload
        return unused or any(self.is_judged(holder) for holder in of_roles)

    def _of_boundaries_and_people(self) -> Iterator[Resource]:
        """Policies that limit a role or a user, and those of the permission sets of people."""
        for resource in self._stack.of_type(ROLE, USER, *_REFERENCES_OF):
            prop = _REFERENCES_OF.get(resource.type, "permissionsBoundary")
            with suppress(Malformed):  # a rule that judges the resource says so
                keys = [_key(name) if _is_text(name) else _referred(name) for name in _listed(resource, prop)]
                known = [policy for key in keys for policy in self._by_arn.get(key, [])]
                yield from known or self._stack.behind(resource, prop, POLICY)

    def _works(self, role: Resource) -> bool:
        return role.urn in self.purposes or is_for_a_workload(role)

    def _held(self, holder: Resource) -> list[Resource]:
        prop, arns = policy_arns(holder)
        held = [policy for arn in arns if _is_text(arn) for policy in self._by_arn.get(_key(arn), [])]
        unknown = any(not _is_text(arn) for arn in arns)
        return held + (self._stack.behind(holder, prop, POLICY) if unknown else [])

    def _has_roles(self, holder: Resource) -> bool:
        return holder.type in _ROLES_OF and bool(_listed(holder, _ROLES_OF[holder.type]))


class _Index:
    """For checks at registration: resources by what names them. Each look costs only what is new since the last."""

    def __init__(self, names: Callable[[Resource], Iterable[str]]) -> None:
        self._names = names
        self._all: list[Resource] = []
        self._by_name: dict[str, list[Resource]] = {}

    def find(self, seen: Iterable[Resource], names: Iterable[str]) -> list[Resource]:
        """Those of the resources seen so far that have one of the names."""
        now = list(seen)
        if now[: len(self._all)] != self._all:  # another run, or one of them was registered again
            self._all, self._by_name = [], {}
        for resource in now[len(self._all) :]:
            for name in self._names(resource):
                self._by_name.setdefault(name, []).append(resource)
        self._all = now
        return list(dict.fromkeys(found for name in names for found in self._by_name.get(name, [])))


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


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


@lru_cache(maxsize=8192)
def _names_of(role: Resource) -> frozenset[str]:
    """What other resources call a role by."""
    given = (peek(role.inputs, "name"), peek(role.props, "name"), peek(role.props, "id"))
    return frozenset(filter(_is_text, given))


@lru_cache(maxsize=8192)
def _keys_of(resource: Resource) -> frozenset[str]:
    """The `_key` of a role's or a policy's ARN: as AWS gave it, and as it will be, which is known before."""
    arn, name, path = peek(resource.props, "arn"), peek(resource.inputs, "name"), peek(resource.inputs, "path") or "/"
    kind = "role" if resource.type == ROLE else "policy"
    keys = {_key(arn)} if _is_text(arn) else set()
    return frozenset(keys | ({f"{kind}{path}{name}"} if _is_text(name) and _is_text(path) else set()))


def _referred(reference: object) -> str:
    """The `_key` of a policy that IAM Identity Center names by name and path."""
    if peek(reference, "customerManagedPolicyReference") is not None:
        reference = peek(reference, "customerManagedPolicyReference")
    name, path = peek(reference, "name"), peek(reference, "path")
    return f"policy{path if _is_text(path) else '/'}{name}" if _is_text(name) else ""


def _key(arn: str) -> str:
    """What tells roles and policies of one account apart: `role/path/name`."""
    return arn.split(":", 5)[-1]


_SEEN_ROLES, _SEEN_POLICIES = _Index(_names_of), _Index(_keys_of)
