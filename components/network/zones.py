"""Which availability zones a network uses."""

from collections.abc import Iterable, Mapping


def choose(offered: Iterable[str], count: int, taken: Mapping[int, str] | None = None) -> list[str]:
    """Return the zones in order: those that subnets have already keep their number, the others are the first by name.

    A zone cannot be changed: a subnet would be replaced with all that is in it. So zones that the region offers are
    asked for new subnets only.

    Args:
        offered: names of the zones that the region offers.
        count: how many are wanted.
        taken: number → zone of the subnets that exist, counted from 1. Defaults to none.

    Raises:
        ValueError: the region does not offer enough of them.
    """
    known = taken or {}
    free = sorted({*offered} - {*known.values()})
    chosen: list[str] = []
    for number in range(1, count + 1):
        if number not in known and not free:
            raise ValueError(f"{count} zones are wanted, but the region offers {', '.join(chosen) or 'none'} only")
        chosen.append(known[number] if number in known else free.pop(0))
    return chosen
