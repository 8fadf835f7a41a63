"""Buckets and links on the real engine: rights that change beside the tasks, and data that an edit does not take."""

import json

import pytest

from local import workspace
from local.standin.services.ecs import CRASHING

from .conftest import Local
from .test_platform import touched

POLICY = "iam/rolePolicy:RolePolicy"


def keep(project: Local, **buckets: object) -> None:
    """Say which buckets the stack has."""
    project.edit(lambda platform: platform.update(storage={"buckets": buckets}))


def bucket_name(project: Local) -> str:
    """Return the name of the only bucket of an application."""
    (bucket,) = [one for one in project.find("s3/bucket:Bucket") if "index:Bucket$" in one["urn"]]
    return str(bucket["outputs"]["bucket"])


def granted(project: Local) -> set[str]:
    """Return the actions of the policies for links."""
    documents = [item["inputs"]["policy"] for item in project.find(POLICY) if item["urn"].endswith("::web-links")]
    found = [statement for text in documents for statement in json.loads(text)["Statement"]]
    return {action for statement in found for action in statement["Action"]}


class TestBuckets:
    """One dev stack that gets a bucket and a service that uses it, and lets go of both."""

    def test_a_bucket_comes_with_the_rights_of_what_is_linked_to_it(self, project: Local) -> None:
        keep(project, uploads={})
        project.web(image="git-1", links={"files": {"bucket": "uploads"}})
        project.ok("up")
        assert bucket_name(project).startswith("container-platform-dev-uploads-")
        assert granted(project) == {"s3:GetObject", "s3:ListBucket"}
        (task,) = project.find("ecs/taskDefinition:TaskDefinition")
        (container,) = json.loads(task["outputs"]["containerDefinitions"])
        variables = {one["name"]: one["value"] for one in container["environment"]}
        assert variables["FILES_BUCKET"] == bucket_name(project)
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_more_rights_restart_no_task(self, project: Local) -> None:
        project.web(links={"files": {"bucket": "uploads", "access": "readWrite"}})
        assert touched(project.ok("up")) == {
            "+ create replacement iam.RolePolicy web-links",
            "- delete replaced iam.RolePolicy web-links",
        }
        assert "s3:PutObject" in granted(project)

    def test_a_deployment_that_fails_leaves_the_rights_of_the_tasks_that_serve(self, project: Local) -> None:
        project.web(image=CRASHING, links={})
        project.fails("up")
        assert "s3:PutObject" in granted(project)
        project.web(image="git-1", links={"files": {"bucket": "uploads", "access": "readWrite"}})
        project.ok("up")
        project.unchanged()

    def test_lifecycle_and_versions_change_in_place(self, project: Local) -> None:
        keep(project, uploads={"versioning": False, "lifecycle": {"all": {"expireDays": 30}}})
        assert touched(project.ok("up")) == {
            "- delete s3.BucketVersioning uploads",
            "~ update s3.BucketLifecycleConfiguration uploads",
        }

    def test_a_bucket_that_leaves_is_told_and_goes_after_what_uses_it(self, project: Local) -> None:
        keep(project, files={})
        project.web(links={"files": {"bucket": "files"}})
        printed = project.ok("up")
        assert (
            "storage.buckets.uploads is gone from the settings: the bucket is deleted with all its objects." in printed
        )
        steps = [line for line in printed.splitlines() if "delete" in line]
        assert "s3.Bucket " in " ".join(steps)
        assert bucket_name(project).startswith("container-platform-dev-files-")

    def test_a_protected_stack_lets_go_of_none(self, project: Local, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(workspace, "OVERRIDES", {})
            project.edit(
                lambda platform: platform.update(protect=True, cluster={**platform["cluster"], "spotOnly": True})
            )
            project.ok("up")
            keep(project)
            project.web(links={})
            assert "files" in project.fails("preview")
        project.edit(lambda platform: platform.update(protect=False))
        keep(project, files={})
        project.ok("up")

    def test_down_leaves_nothing(self, project: Local) -> None:
        project.ok("down")
        assert project.state() == []
