"""The texts under the fields of a class: what settings and outputs are described by."""

import ast
import functools
import inspect
import itertools
import sys
import textwrap
from typing import TypedDict, cast


@functools.cache
def fields(described: type) -> dict[str, tuple[ast.expr, str]]:
    """Return the annotation of each field of a class, and the text under it; those of its bases first."""
    definition = cast(ast.ClassDef, ast.parse(textwrap.dedent(inspect.getsource(described))).body[0])
    found: dict[str, tuple[ast.expr, str]] = {}
    for base in definition.bases:
        # From the source: Python keeps no bases of a TypedDict.
        inherited = getattr(sys.modules[described.__module__], ast.unparse(base))
        if inherited is not TypedDict:
            found |= fields(inherited)
    for field, text in itertools.pairwise(definition.body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            found[ast.unparse(field.target)] = (field.annotation, " ".join(str(text.value.value).split()))
    return found
