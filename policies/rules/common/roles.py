"""Which roles workloads have, and which policies belong to a role: by name where it is known, else by dependencies."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TypeGuard

from policies.framework import Resource, Stack, Unknown, elements, peek
from policies.rules.common.iam_documents import trust_document

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
_PEOPLES = (USER_ATTACHMENT, GROUP_ATTACHMENT)


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
    prop = "managedPolicyArns" if resource.type == ROLE else _POLICIES_OF.get(resource.type, "policyArn")
    return prop, _listed(resource, prop)


def seen_role(owner: Resource, seen: Seen) -> list[Resource]:
    """For a check at registration: the roles registered so far that an inline policy or an attachment names."""
    if owner.type == ROLE:
        return [owner]
    names = set(filter(_is_text, _listed(owner, _ROLES_OF[owner.type])))
    return [role for role in seen(ROLE) if names & _names_of(role)]


def seen_policy(arn: object, seen: Seen) -> Resource | None:
    """For a check at registration: the policy of the stack that an ARN names."""
    return next((policy for policy in seen(POLICY) if _is_text(arn) and _key(arn) in _keys_of(policy)), None)


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
        for holder in stack.of_type(ROLE, *_POLICIES_OF, *_PEOPLES):
            for policy in self._held(holder):
                self._holders[policy.urn].append(holder)

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
        """Whether a managed policy is to be judged: unless all that have it are people's."""
        holders = self._holders.get(policy.urn, [])
        of_roles = [holder for holder in holders if holder.type == ROLE or self._has_roles(holder)]
        return not holders or any(self.is_judged(holder) for holder in of_roles)

    def _works(self, role: Resource) -> bool:
        return role.urn in self.purposes or is_for_a_workload(role)

    def _held(self, holder: Resource) -> list[Resource]:
        prop, arns = policy_arns(holder)
        held = [policy for arn in arns if _is_text(arn) for policy in self._by_arn.get(_key(arn), [])]
        unknown = any(not _is_text(arn) for arn in arns)
        return held + (self._stack.behind(holder, prop, POLICY) if unknown else [])

    def _has_roles(self, holder: Resource) -> bool:
        return holder.type in _ROLES_OF and bool(_listed(holder, _ROLES_OF[holder.type]))


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


def _key(arn: str) -> str:
    """What tells roles and policies of one account apart: `role/path/name`."""
    return arn.split(":", 5)[-1]
