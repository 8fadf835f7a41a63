"""Amazon ECR Public."""

from ..account import Account, Properties
from ..behaviour import Behaviour, Made


class Repository(Behaviour):
    """A repository in the public gallery."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN, which has no region, and its address."""
        name, place = inputs["repositoryName"], account.place
        return name, {
            "arn": place.arn("ecr-public", f"repository/{name}", regional=False),
            "registryId": place.account,
            "repositoryUri": f"public.ecr.aws/a1b2c3d4/{name}",
        }
