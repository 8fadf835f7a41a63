"""The pipeline under mocks: who starts it, what each role may do, what it leaves alone; and its settings."""

import copy
import fnmatch
import json
from typing import Any, Unpack

import pytest

import settings
from components import Pipeline
from components.common.architecture import Architecture
from components.pipelines.args import (
    ConnectionProvider,
    DeployKind,
    PipelineArgs,
    PipelineChoices,
    PipelineLinks,
    SourceArgs,
)

from ..conftest import ACCOUNT, REGION, Engine, Program, run_main, run_program, stack_config
from ..settings.test_settings import problems

PLACE = f"{REGION}:{ACCOUNT}"
KEY = f"arn:aws:kms:{PLACE}:key/1"
TARGET = f"arn:aws:application-autoscaling:{PLACE}:scalable-target/0abc"
CONNECTION = f"arn:aws:codeconnections:{PLACE}:connection/1"
ROLES = [f"arn:aws:iam::{ACCOUNT}:role/web-execution", f"arn:aws:iam::{ACCOUNT}:role/web-task"]


class Changes(PipelineChoices, PipelineLinks):
    """Every argument that has a default."""


def pipeline(source: SourceArgs | None = None, **changes: Unpack[Changes]) -> Pipeline:
    args: PipelineArgs = {
        "pipeline_name": "platform-dev-web",
        "log_group_prefix": "/platform/dev/pipelines",
        "project": "platform",
        "stack": "dev",
        "service": "web",
        "service_name": "dev-web",
        "cluster_arn": f"arn:aws:ecs:{PLACE}:cluster/main",
        "repository_arn": f"arn:aws:ecr:{PLACE}:repository/platform/dev/web",
        "repository_url": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/platform/dev/web",
        "image_parameter": "/platform/dev/web/image",
        "task_role_arns": ROLES,
        "scaling_target_arn": TARGET,
        "source": source or {"repository": "app"},
        "backend_url": "s3://state?region=eu-west-1",
        "secrets_key_arn": KEY,
        **changes,
    }
    return Pipeline("web", args)


def statements(engine: Engine, purpose: str) -> dict[str, tuple[list[str], list[str]]]:
    name = f"web-pipeline-{purpose}".removesuffix("-")
    found = json.loads(engine.one("iam/rolePolicy:RolePolicy", name)["policy"])["Statement"]
    return {item["Sid"]: (item["Action"], item["Resource"]) for item in found}


def stages(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    made = engine.one("codepipeline/pipeline:Pipeline")
    return {stage["name"]: stage["actions"] for stage in made["stages"]}


@pytest.fixture(scope="module")
def plain() -> Engine:
    """A pipeline without options, as an update: at a preview the documents are not known yet."""
    return run_program(pipeline)


class TestSource:
    def test_a_commit_to_code_commit_starts_it_and_nothing_else(self, plain: Engine) -> None:
        (source,) = stages(plain)["Source"]
        assert source["provider"] == "CodeCommit"
        assert source["configuration"] == {
            "RepositoryName": "app", "BranchName": "main", "PollForSourceChanges": "false",
        }  # fmt: skip
        assert plain.one("codepipeline/pipeline:Pipeline").get("triggers", []) == []
        pattern = json.loads(plain.one("cloudwatch/eventRule:EventRule")["eventPattern"])
        assert pattern["resources"] == [f"arn:aws:codecommit:{PLACE}:app"]
        assert pattern["detail"]["referenceName"] == ["main"]
        pipeline_arn = f"arn:aws:codepipeline:{PLACE}:web"
        assert statements(plain, "trigger") == {
            "StartPipeline": (["codepipeline:StartPipelineExecution"], [pipeline_arn])
        }

    def test_a_push_starts_it_through_a_connection_and_nothing_else(self) -> None:
        source: SourceArgs = {"repository": "team/app", "branch": "release", "connection_arn": CONNECTION}
        engine = run_program(lambda: pipeline(source=source))
        (action,) = stages(engine)["Source"]
        assert action["configuration"] == {
            "ConnectionArn": CONNECTION, "FullRepositoryId": "team/app", "BranchName": "release",
            "DetectChanges": "false",
        }  # fmt: skip
        (trigger,) = engine.one("codepipeline/pipeline:Pipeline")["triggers"]
        assert trigger["gitConfiguration"]["pushes"] == [{"branches": {"includes": ["release"]}}]
        assert engine.find("cloudwatch/eventRule:EventRule") == []
        assert engine.find("codeconnections/connection:Connection") == []
        assert statements(engine, "source")["FetchSourceByConnection"][1] == [CONNECTION]

    def test_a_connection_can_be_made(self) -> None:
        source: SourceArgs = {"repository": "team/app", "connection_provider": ConnectionProvider.GITHUB}
        engine = run_program(lambda: pipeline(source=source))
        assert engine.one("codeconnections/connection:Connection")["providerType"] == "GitHub"

    def test_a_program_of_its_own_starts_nothing(self) -> None:
        program: SourceArgs = {"repository": "team/platform", "connection_arn": CONNECTION}
        engine = run_program(lambda: pipeline(program_source=program))
        application, other = stages(engine)["Source"]
        assert (application["name"], other["name"]) == ("Application", "Program")
        assert other["configuration"]["DetectChanges"] == "false"
        assert engine.one("codepipeline/pipeline:Pipeline").get("triggers", []) == []
        assert set(statements(engine, "source")) == {
            "FetchSource", "FetchSourceByConnection", "FindArtifacts", "Artifacts",
        }  # fmt: skip
        (deploy,) = stages(engine)["Deploy"]
        assert deploy["inputArtifacts"] == ["Program", "Image"]
        assert deploy["configuration"]["PrimarySource"] == "Program"


class TestRoles:
    def test_the_pipeline_acts_by_the_roles_of_its_actions(self, plain: Engine) -> None:
        arns = {action["roleArn"] for actions in stages(plain).values() for action in actions}
        assert len(arns) == 3, "a role a stage"
        actions, resources = statements(plain, "")["ActByTheRolesOfTheActions"]
        assert (actions, set(resources)) == (["sts:AssumeRole"], arns)
        pipeline_arn = plain.one("codepipeline/pipeline:Pipeline")["roleArn"]
        for name in ("source", "run-build", "run-deploy"):
            role = plain.one("iam/role:Role", f"web-pipeline-{name}")
            (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
            assert trust["Principal"] == {"AWS": pipeline_arn}

    def test_a_build_pushes_to_its_repository_and_nowhere_else(self, plain: Engine) -> None:
        granted = statements(plain, "build")
        assert granted["PushImages"][1] == [f"arn:aws:ecr:{PLACE}:repository/platform/dev/web"]
        everywhere = {action for actions, resources in granted.values() if "*" in resources for action in actions}
        assert everywhere == {"ecr:GetAuthorizationToken"}
        assert not any(
            action.startswith(("ecs:", "iam:", "ssm:")) for actions, _ in granted.values() for action in actions
        )

    def test_where_the_registry_signs_a_build_may(self, plain: Engine) -> None:
        profile = f"arn:aws:signer:{PLACE}:/signing-profiles/images"
        assert "SignImages" not in statements(plain, "build")
        engine = run_program(lambda: pipeline(signing_profile_arns=[profile]))
        assert statements(engine, "build")["SignImages"] == (["signer:SignPayload"], [profile])

    def test_a_deployment_changes_one_service_and_passes_only_its_roles(self, plain: Engine) -> None:
        granted = statements(plain, "deploy")
        assert granted["RegisterRevision"][1] == [f"arn:aws:ecs:{PLACE}:task-definition/dev-web-task:*"]
        assert granted["DeployService"][1][0] == f"arn:aws:ecs:{PLACE}:service-deployment/main/dev-web/*"
        assert granted["DeployService"][1][1:] == [f"arn:aws:ecs:{PLACE}:service/main/dev-web"]
        assert granted["Scale"][1] == [TARGET]
        assert granted["GiveTasksTheirRoles"] == (["iam:PassRole"], ROLES)
        assert granted["Release"][1] == [f"arn:aws:ssm:{PLACE}:parameter/platform/dev/web/image"]
        state = granted["KeepState"][1]
        assert all(arn.startswith("arn:aws:s3:::state/.pulumi/") and "/platform/dev" in arn for arn in state)
        assert granted["SealSecretsInState"][1] == [KEY]
        document = json.loads(plain.one("iam/rolePolicy:RolePolicy", "web-pipeline-deploy")["policy"])
        (passing,) = [item for item in document["Statement"] if item["Action"] == ["iam:PassRole"]]
        assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        everywhere = {a for item in document["Statement"] if "*" in item["Resource"] for a in item["Action"]}
        assert not {a for a in everywhere if not a.split(":")[1].startswith(("Describe", "Get", "List"))}

    def test_a_vpc_that_the_program_reads_can_be_read(self, plain: Engine) -> None:
        assert "ReadVpc" not in statements(plain, "deploy")
        granted = statements(run_program(lambda: pipeline(existing_vpc_id="vpc-0abc")), "deploy")
        assert granted["ReadVpc"] == (["ec2:DescribeVpcAttribute"], [f"arn:aws:ec2:{PLACE}:vpc/vpc-0abc"])
        assert "ec2:DescribeRouteTables" in granted["ReadVpcs"][0]

    def test_with_pulumi_cloud_it_reads_the_token_and_no_bucket(self) -> None:
        secret = f"arn:aws:secretsmanager:{PLACE}:secret:token-AbCdEf"
        engine = run_program(lambda: pipeline(backend_url="https://api.pulumi.com", access_token_secret_arn=secret))
        granted = statements(engine, "deploy")
        assert granted["ReadAccessToken"] == (["secretsmanager:GetSecretValue"], [secret])
        assert "KeepState" not in granted
        variables = engine.one("codebuild/project:Project", "web-pipeline-deploy")["environment"][
            "environmentVariables"
        ]
        (token,) = [item for item in variables if item["name"] == "PULUMI_ACCESS_TOKEN"]
        assert (token["type"], token["value"]) == ("SECRETS_MANAGER", secret)


class TestBuilds:
    def test_only_what_runs_docker_is_privileged_and_each_fits_the_architecture(self) -> None:
        engine = run_program(lambda: pipeline(architecture=Architecture.ARM64))
        build = engine.one("codebuild/project:Project", "web-pipeline-build")["environment"]
        deploy = engine.one("codebuild/project:Project", "web-pipeline-deploy")["environment"]
        assert (build["privilegedMode"], deploy["privilegedMode"]) == (True, False)
        assert build["type"] == "ARM_CONTAINER"
        variables = {item["name"]: item["value"] for item in build["environmentVariables"]}
        assert variables == {
            "AWS_ACCOUNT_ID": ACCOUNT,
            "AWS_DEFAULT_REGION": REGION,
            "BUILD_DIRECTORY": ".",
            "CONTAINER_NAME": "dev-web",
            "IMAGE_REPO_NAME": "platform/dev/web",
            "PLATFORM": "linux/arm64",
            "REPOSITORY_URI": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/platform/dev/web",
        }

    def test_artifacts_are_closed_to_all_but_tls_encrypted_and_expire(self) -> None:
        engine = run_program(lambda: pipeline(kms_key_arn=KEY, artifact_days=7))
        block = engine.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
        assert {value for key, value in block.items() if key != "bucket"} == {True}
        (statement,) = json.loads(engine.one("s3/bucketPolicy:BucketPolicy")["policy"])["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
        (rule,) = engine.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"]
        assert rule["expiration"] == {"days": 7}
        (store,) = engine.one("codepipeline/pipeline:Pipeline")["artifactStores"]
        assert store["encryptionKey"] == {"id": KEY, "type": "KMS"}
        for purpose in ("", "source", "build", "deploy"):
            assert statements(engine, purpose)["SealArtifacts"][1] == [KEY], purpose

    def test_a_protected_bucket_is_not_emptied(self, plain: Engine) -> None:
        assert plain.one("s3/bucket:Bucket")["forceDestroy"] is False
        assert run_program(lambda: pipeline(protect=False)).one("s3/bucket:Bucket")["forceDestroy"] is True


class TestDeployment:
    def test_a_person_can_be_asked_first(self, plain: Engine) -> None:
        assert list(stages(plain)) == ["Source", "Build", "Deploy"]
        made = stages(run_program(lambda: pipeline(approval=True)))
        assert list(made) == ["Source", "Build", "Approve", "Deploy"]
        assert made["Approve"][0]["provider"] == "Manual"

    def test_by_ecs_it_deploys_and_then_writes_down_what_runs(self) -> None:
        engine = run_program(lambda: pipeline(deploy=DeployKind.ECS))
        ecs, record = stages(engine)["Deploy"]
        assert (ecs["provider"], ecs["runOrder"]) == ("ECS", 1)
        assert ecs["configuration"] == {
            "ClusterName": "main", "ServiceName": "dev-web", "FileName": "imagedefinitions.json",
        }  # fmt: skip
        assert (record["provider"], record["runOrder"]) == ("CodeBuild", 2)
        granted = statements(engine, "deploy")
        assert granted["Release"] == (
            ["ssm:PutParameter"], [f"arn:aws:ssm:{PLACE}:parameter/platform/dev/web/image"],
        )  # fmt: skip
        assert statements(engine, "ecs")["GiveTasksTheirRoles"] == (["iam:PassRole"], ROLES)

    def test_failures_are_told_and_only_the_rule_can_tell(self, plain: Engine) -> None:
        assert plain.find("sns/topic:Topic") == []
        engine = run_program(lambda: pipeline(notification_emails=["team@example.org"]))
        subscription = engine.one("sns/topicSubscription:TopicSubscription")
        assert (subscription["protocol"], subscription["endpoint"]) == ("email", "team@example.org")
        pattern = json.loads(engine.one("cloudwatch/eventRule:EventRule", "web-pipeline-failed")["eventPattern"])
        assert pattern["detail"] == {"pipeline": ["platform-dev-web"], "state": ["FAILED"]}
        (statement,) = json.loads(engine.one("sns/topicPolicy:TopicPolicy")["policy"])["Statement"]
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert "aws:SourceArn" in statement["Condition"]["ArnEquals"]


def with_pipeline(**changes: Any) -> dict[str, Any]:
    """Return the dev stack's configuration with a pipeline for the service `web`."""
    config = copy.deepcopy(stack_config("dev"))
    given: dict[str, Any] = {"source": {"repository": "app"}, "backendUrl": "s3://state-bucket?region=us-east-1"}
    config[settings.KEY]["pipelines"] = {"web": {**given, **changes}}
    return config


@pytest.fixture(scope="module")
def by_pulumi() -> Program:
    """The dev stack with a second service, and a pipeline of the first that deploys by `pulumi up`."""
    config = with_pipeline()
    config[settings.KEY]["services"]["api"] = {"repository": "web", "paths": ["/api/*"]}
    return run_main("dev", config)


@pytest.fixture(scope="module")
def by_ecs() -> Program:
    """The dev stack with a pipeline that fetches through a connection and deploys by the ECS action."""
    config = with_pipeline(deploy="ecs", source={"repository": "team/app", "connectionProvider": "GitHub"})
    del config[settings.KEY]["pipelines"]["web"]["backendUrl"]
    return run_main("dev", config)


class TestInTheProgram:
    def test_a_deployment_may_ask_everything_that_the_program_asks(self, by_pulumi: Program) -> None:
        engine = by_pulumi.engine
        document = json.loads(engine.one("iam/rolePolicy:RolePolicy", "web-pipeline-deploy")["policy"])
        granted = {action: item["Resource"] for item in document["Statement"] for action in item["Action"]}
        needed = {
            "aws:ecr/getRepository:getRepository": "ecr:DescribeRepositories",
            "aws:index/getAvailabilityZones:getAvailabilityZones": "ec2:DescribeAvailabilityZones",
            "aws:secretsmanager/getRandomPassword:getRandomPassword": "secretsmanager:GetRandomPassword",
            "aws:ssm/getParametersByPath:getParametersByPath": "ssm:GetParametersByPath",
            "aws:index/getCallerIdentity:getCallerIdentity": None,  # whoever calls may know who it is
            "aws:index/getRegion:getRegion": None,  # no call
            "pulumi:pulumi:readStackResourceOutputs": None,  # the engine's own state
        }
        asked = {token for token, _ in engine.invokes}
        assert asked == set(needed), "give it to the role of the deployment, and name it here"
        for token in asked:
            assert needed[token] is None or needed[token] in granted, token
        paths = granted["ssm:GetParametersByPath"]
        for token, arguments in engine.invokes:
            if token == "aws:ssm/getParametersByPath:getParametersByPath":
                asked_for = f"arn:aws:ssm:{PLACE}:parameter{arguments['path']}"
                assert any(fnmatch.fnmatch(asked_for, path) for path in paths)

    def test_the_running_revision_is_the_programs_unless_ecs_deploys(self, by_pulumi: Program, by_ecs: Program) -> None:
        (service,) = by_pulumi.engine.all("ecs/service:Service", "web")
        assert "taskDefinition" not in service.ignore_changes
        (service,) = by_ecs.engine.all("ecs/service:Service", "web")
        assert "taskDefinition" in service.ignore_changes

    def test_a_pending_connection_says_what_to_do(self, by_ecs: Program) -> None:
        published = by_ecs.outputs["pipelines"]["web"]
        assert published["connectionStatus"] == "PENDING"
        assert published["nextStep"].startswith("Complete the pending connection: https://eu-west-1.console.aws.amazon")

    @pytest.mark.parametrize(
        ("changes", "path", "advice"),
        [
            ({"backendUrl": None}, "pipelines.web.backendUrl", "deploy: pulumi needs the place of its state"),
            ({"backendUrl": "file:///x"}, "pipelines.web.backendUrl", "s3://<bucket>"),
            ({"backendUrl": "https://api.pulumi.com"}, "pipelines.web.accessTokenSecretArn", "needs an access token"),
            ({"deploy": "ecs"}, "pipelines.web.backendUrl", "has no effect with deploy: ecs"),
            ({"source": {"repository": "team/app"}}, "pipelines.web.source.repository", "set connectionProvider"),
            (
                {"source": {"repository": "app", "connectionProvider": "GitHub"}},
                "pipelines.web.source.repository",
                "must be owner/name",
            ),
            (
                {"source": {"repository": "a/b", "connectionProvider": "GitHub", "connectionArn": CONNECTION}},
                "pipelines.web.source.connectionProvider",
                "Remove one of the two",
            ),
            ({"source": {"repository": "app", "brnch": "x"}}, "pipelines.web.source.brnch", "did you mean branch?"),
            ({"notificationEmails": ["nobody"]}, "pipelines.web.notificationEmails[0]", "an e-mail address"),
            ({"directory": "../x y"}, "pipelines.web.directory", "a folder of the source"),
        ],
    )
    def test_a_mistake_is_named_with_its_remedy(self, changes: dict[str, Any], path: str, advice: str) -> None:
        raw = with_pipeline(**changes)[settings.KEY]
        given = raw["pipelines"]["web"]
        raw["pipelines"]["web"] = {key: value for key, value in given.items() if value is not None}
        found = problems(raw)
        assert list(found) == [path]
        assert advice in found[path]

    def test_a_pipeline_without_its_service_or_for_a_pinned_one_is_refused(self) -> None:
        raw = with_pipeline()[settings.KEY]
        raw["services"]["web"]["image"] = "git-1"
        raw["pipelines"]["api"] = raw["pipelines"]["web"]
        found = problems(raw)
        assert "has no service of that name" in found["pipelines.api"]
        assert "Services: web" in found["pipelines.api"]
        assert "pins the image" in found["services.web.image"]
