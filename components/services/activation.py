"""Waiting for a capacity provider of Managed Instances, which AWS takes some seconds to make ready.

The provider does not wait for it (hashicorp/terraform-provider-aws#45693), so a service that is deployed right after it
is refused; here it is tried again, and nothing waits where AWS was quick.
"""

import asyncio
from typing import Final

import pulumi

_NOT_READY: Final = "not in an ACTIVE state"
_ATTEMPTS, SECONDS = 24, 5


async def try_again(args: pulumi.ErrorHookArgs) -> bool:
    """Say whether to try once more what failed: only while the capacity provider is not ready, for two minutes."""
    if not args.errors or _NOT_READY not in args.errors[0] or len(args.errors) > _ATTEMPTS:
        return False
    await asyncio.sleep(SECONDS)
    return True


def retried(name: str) -> pulumi.ResourceHookBinding:
    """Return what makes the engine try again to make or change the resource of that name."""
    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{name}-capacity", try_again)])
