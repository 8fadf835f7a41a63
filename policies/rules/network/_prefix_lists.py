"""Prefix lists of the stack that name the whole internet, or too much of it to be anybody's own."""

from collections import defaultdict

from policies.framework import Ids, Report, Resource, Stack, Unknown, elements, peek
from policies.rules.network._ingress import Ingress, is_internet

PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"


class PrefixLists:
    """What the prefix lists of one stack open to the internet. Those of others, and AWS's own, are somebody's."""

    def __init__(self, stack: Stack, report: Report) -> None:
        self._ids = Ids(stack, (PREFIX_LIST,))
        self._open: dict[str, list[str]] = defaultdict(list)
        self._unknown: set[str] = set()
        for found in stack.of_type(PREFIX_LIST):
            with report.guard(found):
                entries = peek(found.inputs, "entries")
                if isinstance(entries, Unknown):
                    self._unknown.add(found.urn)
                    continue
                for index, entry in enumerate(elements(entries, "entries")):
                    with report.guard(found):
                        cidr = entry if isinstance(entry, Unknown) else peek(entry, "cidr")
                        self._add(found, cidr, f"entries[{index}].cidr")
        for entry in stack.of_type(ENTRY):
            with report.guard(entry):
                named = peek(entry.inputs, "prefixListId")
                for found in self._ids.named(entry, "prefixListId", named, (PREFIX_LIST,)):
                    self._add(found, peek(entry.inputs, "cidr"), "cidr")

    def open_by(self, resource: Resource, ingress: Ingress) -> tuple[list[str], str | None]:
        """The ranges of the internet in the prefix lists that a permission names, and what may have some."""
        # An unknown one may be any of those behind the property, whichever element it is.
        ids = {id_ if isinstance(id_, str) else "": (path, id_) for path, id_ in ingress.lists}
        named = {
            found.urn: found
            for path, id_ in ids.values()
            for found in self._ids.named(resource, path.partition("[")[0], id_, (PREFIX_LIST,))
        }
        found = [f"{cidr} of the prefix list {named[urn].name}" for urn in named for cidr in self._open[urn]]
        unknown = [f"the entries of {named[urn].name}" for urn in named if urn in self._unknown]
        return found, next(iter(unknown), None)

    def _add(self, found: Resource, cidr: object, path: str) -> None:
        if isinstance(cidr, Unknown):
            self._unknown.add(found.urn)
        elif is_internet(str(cidr), path):
            self._open[found.urn].append(str(cidr))
