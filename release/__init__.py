"""What is meant to run: the image of each service, in Parameter Store.

The pipeline writes it, or a person with `python -m release`; the program reads it. So an `up` from anywhere deploys
what is meant to run, and never an older image. A service with `image` in its settings is pinned to that instead.
"""


def image_of(parameter: str) -> str | None:
    """Ask AWS which image is meant to run: none before the first one, or while there is no such parameter."""
    # Only now: the commands, which never call this, would wait seconds for it.
    import pulumi_aws as aws

    from components.services.args import NO_IMAGE

    # By path: asking for the parameter itself fails where it does not exist, as before the first `up`.
    found = aws.ssm.get_parameters_by_path(path=parameter.rpartition("/")[0], recursive=False, with_decryption=False)
    image = dict(zip(found.names, found.values, strict=True)).get(parameter)
    return None if image in (None, NO_IMAGE) else image
