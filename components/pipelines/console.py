"""Where the AWS console shows a pipeline, and what a person must do there."""

from .permissions import Scope


def pipeline_url(scope: Scope, pipeline_name: str) -> str:
    """Return the page of a pipeline's runs."""
    return f"{_console(scope)}/codepipeline/pipelines/{pipeline_name}/view?region={scope.place.region}"


def connection_hint(scope: Scope, status: str) -> str:
    """Say what a person must do with a connection that was made ("Update a pending connection"); empty for nothing."""
    if status != "PENDING":
        return ""
    return f"Complete the pending connection: {_console(scope)}/settings/connections?region={scope.place.region}"


def _console(scope: Scope) -> str:
    domains = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}
    domain = domains.get(scope.place.partition, "console.aws.amazon.com")
    return f"https://{scope.place.region}.{domain}/codesuite"
