"""How many tasks a rolling deployment keeps and may run, and whether it can move at all.

Pure functions: what ECS rounds up and down ("DeploymentConfiguration", Amazon ECS API).
"""


def kept(count: int, least: int) -> int:
    """Return how many of `count` tasks a deployment keeps, of `least` percent; rounded up."""
    return -(-count * least // 100)


def allowed(count: int, most: int) -> int:
    """Return how many tasks a deployment may run in place of `count`, of `most` percent; rounded down."""
    return count * most // 100


def stuck(min_tasks: int, max_tasks: int, least: int, most: int) -> int | None:
    """Return a number of tasks with which a deployment may neither start a task nor stop one; None if there is none."""
    counts = range(max(min_tasks, 1), max(max_tasks, 1) + 1)
    return next((count for count in counts if kept(count, least) >= count >= allowed(count, most)), None)


def beside(count: int, least: int, most: int) -> int:
    """Return how many tasks must find room beside `count` for a deployment to move: one if it may stop none first."""
    return 1 if kept(count, least) >= count and allowed(count, most) > count else 0
