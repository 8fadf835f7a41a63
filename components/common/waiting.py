"""Outputs that whoever uses them waits for longer than for what they are of."""

import pulumi


def after(value: pulumi.Output[str], *made: pulumi.CustomResource) -> pulumi.Output[str]:
    """Return a text that is known once these resources are made too, so that its users depend on them."""
    return pulumi.Output.all(value, *(one.id for one in made)).apply(lambda known: str(known[0]))
