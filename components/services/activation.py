"""Retries until a capacity provider of Managed Instances is ready, which takes AWS some seconds.

The AWS provider does not wait for that (hashicorp/terraform-provider-aws#45693), so AWS refuses a service that is
deployed right after it. The retry costs no time if AWS was quick.
"""

import asyncio
from typing import Final

import pulumi

_NOT_READY: Final = "not in an ACTIVE state"
_ATTEMPTS, SECONDS = 24, 5


async def try_again(args: pulumi.ErrorHookArgs) -> bool:
    """Return whether to retry: only while the capacity provider is not ready, for two minutes."""
    if not args.errors or _NOT_READY not in args.errors[0] or len(args.errors) > _ATTEMPTS:
        return False
    await asyncio.sleep(SECONDS)
    return True


def retried(name: str) -> pulumi.ResourceHookBinding:
    """Return the hooks by which the engine retries to create or update the resource of that name."""
    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{name}-capacity", try_again)])
