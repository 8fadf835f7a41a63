"""What CodeBuild runs ("Build specification reference", AWS CodeBuild User Guide): buildspecs as YAML text.

Each phase is one script in a subshell: it stops at the first command that fails, and takes the phase along.
"""

from collections.abc import Mapping
from typing import Any, Final

import yaml

IMAGE_FILE: Final = "image-digest"
"""File of the build's artifact that holds the digest of the image."""
DEFINITIONS_FILE: Final = "imagedefinitions.json"
"""File of the build's artifact that CodePipeline's ECS action reads ("Image definitions file reference")."""
IMAGE_ARTIFACT: Final = "Image"
"""Name of the build's artifact; CodeBuild calls its folder `$CODEBUILD_SRC_DIR_Image` where it is not the first."""


def build(*, test_stage: str | None) -> str:
    """Return the buildspec that builds, tests and pushes an image, and writes down its digest.

    The tag is the commit's. An image that has it already is taken as it is: tags cannot be moved, and a second build
    of a commit would make another digest.

    Args:
        test_stage: stage of the Dockerfile that runs the tests; it is built before the image is.
    """
    build_image = ['docker build --platform "$PLATFORM" --tag "$REPOSITORY_URI:$tag" "$BUILD_DIRECTORY"']
    if test_stage:
        build_image.insert(0, f'docker build --platform "$PLATFORM" --target {test_stage} "$BUILD_DIRECTORY"')
    script = [
        'tag="git-${CODEBUILD_RESOLVED_SOURCE_VERSION:0:12}"',
        "look_up() {",
        '  aws ecr describe-images --repository-name "$IMAGE_REPO_NAME" --image-ids "imageTag=$tag" \\',
        "    --query 'imageDetails[0].imageDigest' --output text",
        "}",
        "if ! digest=$(look_up 2>look-up-error); then",
        "  grep -q ImageNotFoundException look-up-error || { cat look-up-error >&2; exit 1; }",
        '  aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY_URI%%/*}"',
        *(f"  {line}" for line in build_image),
        '  docker push "$REPOSITORY_URI:$tag"',
        "  digest=$(look_up)",
        "else",
        '  echo "$tag is there already: taking it as it is"',
        "fi",
        f'printf "%s" "$digest" > {IMAGE_FILE}',
        'printf \'[{"name":"%s","imageUri":"%s@%s"}]\' "$CONTAINER_NAME" "$REPOSITORY_URI" "$digest" \\',
        f"  > {DEFINITIONS_FILE}",
    ]
    artifacts = {"files": [IMAGE_FILE, DEFINITIONS_FILE]}
    return _text({"build": {"commands": [_subshell(script)]}}, artifacts=artifacts)


def deploy() -> str:
    """Return the buildspec that lets a service run the image and deploys it with `pulumi up`, targeted at the service.

    The first source is the program's, the second the build's artifact.
    """
    install = [
        'curl -fsSL https://get.pulumi.com | sh -s -- --version "$PULUMI_VERSION"',
        'cd "$PROGRAM_DIRECTORY"',
        "python3 -m venv .venv",
        ".venv/bin/pip install --quiet --requirement requirements.txt --requirement policies/requirements.txt",
    ]
    script = [
        'export PATH="$HOME/.pulumi/bin:$PATH"',
        f'digest=$(cat "$CODEBUILD_SRC_DIR_{IMAGE_ARTIFACT}/{IMAGE_FILE}")',
        'cd "$PROGRAM_DIRECTORY"',
        'pulumi login "$PULUMI_BACKEND_URL"',
        '.venv/bin/python -m release set "$SERVICE" "$digest" --stack "$PULUMI_STACK"',
        '.venv/bin/python -m release deploy "$SERVICE" --stack "$PULUMI_STACK"',
    ]
    return _text(
        {
            "install": {"runtime-versions": {"python": "3.12"}, "commands": [_subshell(install)]},
            "build": {"commands": [_subshell(script)]},
        }
    )


def record() -> str:
    """Return the buildspec that writes down which image runs, after CodePipeline's ECS action has deployed it."""
    script = [
        f"digest=$(cat {IMAGE_FILE})",
        'aws ssm put-parameter --name "$IMAGE_PARAMETER" --value "$digest" --overwrite',
    ]
    return _text({"build": {"commands": [_subshell(script)]}})


def _subshell(lines: list[str]) -> str:
    return "\n".join(["(", "set -euo pipefail", *lines, ")", ""])


def _text(phases: Mapping[str, Any], **sections: Any) -> str:
    aborting = {name: {"on-failure": "ABORT", **phase} for name, phase in phases.items()}
    return yaml.dump(
        {"version": 0.2, "env": {"shell": "bash"}, "phases": aborting, **sections}, Dumper=_Dumper, sort_keys=False
    )


class _Dumper(yaml.SafeDumper):
    """Writes scripts as they would be written by hand."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _block)
