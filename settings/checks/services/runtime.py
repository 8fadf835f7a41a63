"""Checks of how tasks run: what they write to, what the kernel allows them, their image and tags, sessions in them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from components.capacity.providers import Capacity
from components.common import images
from components.tasks import mounts
from components.tasks.args import NetworkMode
from components.tasks.runtime_args import ON_FARGATE, Storage, VersionConsistency

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.containers import FurtherContainer
from ...sections.services import Service
from ...sections.tasks import Tasks
from ...surroundings import Surroundings
from ..network import way_out_problems
from .capacity import capacity_of

_LARGER_DISK: Final = {
    Capacity.AUTO_SCALING: "the instance's disk: remove it, and raise rootVolumeSize of the Auto Scaling group",
    Capacity.MANAGED_INSTANCES: "the instance's disk: remove it, and raise storageSize of the Managed Instances",
}
_TAGS: Final = 50
"""Tags that a resource may have; those of AWS itself do not count (ECS API, Tag)."""
_OWN_TAGS: Final = ("project", "environment")
_PUBLIC: Final = "public.ecr.aws/"


def runtime_problems(path: Path, tasks: Tasks, kind: Capacity | None, surroundings: Surroundings) -> Iterator[Problem]:
    """Find mistakes in how the tasks of a service or job run.

    Args:
        path: path to their section.
        tasks: the section.
        kind: what they run on; None if that is not known.
        surroundings: what the stack has besides its settings.
    """
    if kind:
        yield from _capacity_problems(path, tasks, kind)
    yield from _memory_problems(path, tasks)
    yield from _image_problems(path, tasks)
    for where, one in _containers(path, tasks):
        yield from _path_problems(where, one)
        yield from _registry_problems(where, one)
    yield from _tag_problems((*path, "tags"), tasks.tags, surroundings)


def _strategy(path: Path) -> tuple[Path, ...]:
    """Return the paths of all that decides where tasks run."""
    own = ("capacityProviderStrategy", "autoScalingGroups", "managedInstances")
    return ((*path, own[0]), *(("cluster", key) for key in own))


def _capacity_problems(path: Path, tasks: Tasks, kind: Capacity) -> Iterator[Problem]:
    where = _strategy(path)
    if tasks.ephemeral_storage_gib is not None and kind in _LARGER_DISK:
        advice = f"is for Fargate. Here tasks share {_LARGER_DISK[kind]}."
        yield Problem((*path, "ephemeralStorageGiB"), tasks.ephemeral_storage_gib, advice, where)
    for index, capability in enumerate(tasks.add_capabilities):
        at = (*path, "addCapabilities", index)
        if capability in tasks.add_capabilities[:index]:
            yield Problem(at, capability.value, "is listed twice; remove one")
        elif kind is Capacity.FARGATE and capability not in ON_FARGATE:
            advice = "is not allowed on Fargate, which has SYS_PTRACE only. Remove it, or run the tasks on instances."
            yield Problem(at, capability.value, advice, where)
    if tasks.fault_injection:
        at, mode = (*path, "faultInjection"), (*path, "networkMode")
        if tasks.network_mode is NetworkMode.BRIDGE:
            advice = "needs networkMode: awsvpc, as faults go into a task's own network. Remove it, or change the mode."
            yield Problem(at, True, advice, (mode,))
        elif kind is Capacity.MANAGED_INSTANCES:
            advice = "works on Fargate and Auto Scaling groups; AWS offers it on no Managed Instances. Remove it."
            yield Problem(at, True, advice, where)


def _containers(path: Path, tasks: Tasks) -> Iterator[tuple[Path, Tasks | FurtherContainer]]:
    """Yield the application's own container and those beside it, with the path to each."""
    yield path, tasks
    for name, container in tasks.containers.items():
        yield (*path, "containers", name), container


def _path_problems(path: Path, container: Tasks | FurtherContainer) -> Iterator[Problem]:
    at, paths = (*path, "writablePaths"), container.writable_paths
    if paths and not container.readonly_root_filesystem:
        advice = "is not needed, as the whole root file system is writable. Remove it, or readonlyRootFilesystem."
        yield Problem(at, None, advice, ((*path, "readonlyRootFilesystem"),))
    for inner, outer in mounts.overlapping(list(paths)):
        yield Problem((*at, inner), None, f"is within {outer}, which is writable too. Remove one.", (at,))
    for name, one in paths.items():
        if one.storage is Storage.DISK and "size_mib" in one.model_fields_set:
            advice = "limits what is in memory, but the path is on disk. Remove it, or set storage: memory."
            yield Problem((*at, name, "sizeMiB"), one.size_mib, advice, ((*at, name, "storage"),))


def _memory_problems(path: Path, tasks: Tasks) -> Iterator[Problem]:
    """Find tasks whose file systems in memory could fill all of it."""
    every = [one for _, container in _containers(path, tasks) for one in container.writable_paths.values()]
    most = sum(one.size_mib for one in every if one.storage is Storage.MEMORY)
    if most >= tasks.memory:
        at = (*path, "writablePaths")
        advice = (
            f"can take {most} MiB of memory, but the task has {tasks.memory} for everything. Lower sizeMiB, choose "
            "storage: disk, or raise memory."
        )
        yield Problem(at, None, advice, (at, (*path, "memory"), (*path, "containers")))


def _image_problems(path: Path, tasks: Tasks) -> Iterator[Problem]:
    image, at = tasks.image, ((*path, "image"),)
    if tasks.repository is None and (image is None or "/" not in image):
        advice = (
            "is missing. Name the repository, under registry.repositories, that holds the images, or set image to a "
            "whole reference to an image elsewhere."
        )
        yield Problem((*path, "repository"), None, advice, at)
    if tasks.version_consistency is VersionConsistency.DISABLED and (image is None or "sha256:" in image):
        advice = "has no effect on a digest, which is the same image in every task"
        advice += ". Remove it." if image else ", and releases name digests. Remove it, or set image to a tag."
        yield Problem((*path, "versionConsistency"), tasks.version_consistency.value, advice, at)


def _registry_problems(path: Path, container: Tasks | FurtherContainer) -> Iterator[Problem]:
    image, at = container.image, ((*path, "image"),)
    if container.repository_credentials is None:
        return
    credentials, shown = (*path, "repositoryCredentials"), container.repository_credentials.secret_arn
    if image is None or "/" not in image:
        advice = "is for another registry. Set image to a whole reference there: registry.example.com/team/app:1."
        yield Problem(credentials, shown, advice, at)
    elif not images.is_foreign(image):
        yield Problem(credentials, shown, "has no effect on an image in ECR, which the role may pull. Remove it.", at)
    elif image.startswith(_PUBLIC):
        yield Problem(credentials, shown, "has no effect on ECR Public, where everybody may pull. Remove it.", at)


def _tag_problems(at: Path, tags: Mapping[str, str], surroundings: Surroundings) -> Iterator[Problem]:
    given = surroundings.default_tags
    shared = given.get("tags") if isinstance(given, Mapping) else None
    default = (
        {key: value for key, value in shared.items() if isinstance(key, str)} if isinstance(shared, Mapping) else {}
    )
    for key in _OWN_TAGS:
        if key in tags:
            advice = "is the stack's own, by which the permissions of those who deploy go. Choose another key."
            yield Problem((*at, key), tags[key], advice)
    merged = {**default, **tags}
    spelt = Counter(key.lower() for key in merged)
    for key in tags:
        others = [one for one in merged if one != key and one.lower() == key.lower()]
        if spelt[key.lower()] > 1 and (others[0] in default or others[0] < key):
            where = "aws:defaultTags" if others[0] in default else "these tags"
            advice = f"differs only in case from {others[0]} of {where}, and IAM takes the two for one. Spell it alike."
            yield Problem((*at, key), tags[key], advice)
    if tags and len(merged) > _TAGS:
        advice = f"are {len(merged)} with the stack's default tags, but AWS takes {_TAGS} for a resource. Remove some."
        yield Problem(at, None, advice, (at,))


def session_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    """Find what keeps sessions of ECS Exec in a service's tasks from working, or from being logged."""
    if not service.execute_command:
        return
    at = (*path, "executeCommand")
    if platform.cluster.execute_command_logging is None:
        advice = "needs cluster.executeCommandLogging, which keeps what people do. Set it; `{}` means all defaults."
        yield Problem(at, True, advice, (("cluster", "executeCommandLogging"),))
    # On Fargate nothing could start without it, which another check tells.
    if capacity_of(service, platform) is not Capacity.FARGATE and service.network_mode is not NetworkMode.BRIDGE:
        what = "Systems Manager, so no session of executeCommand could start"
        yield from way_out_problems((*path, "egress"), service.egress, what, platform)
    for where, container in _containers(path, service):
        for name in container.writable_paths if container.readonly_root_filesystem else ():
            for used in mounts.EXEC_PATHS:
                if name == used or name.startswith(f"{used}/"):
                    advice = f"is ECS Exec's, which makes {used} writable itself. Remove it."
                    yield Problem((*where, "writablePaths", name), None, advice, (at,))
                elif used.startswith(f"{name}/"):
                    advice = f"hides {used}, which ECS Exec writes to. List the folders in it that you write to."
                    yield Problem((*where, "writablePaths", name), None, advice, (at,))
