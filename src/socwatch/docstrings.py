"""Docstrings that people read in help and in docs, also where Python has thrown them away."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc


def docstring(thing: type | Callable[..., object]) -> str:
    """Return the docstring of a class or a function, or "" if it has none.

    `python -OO` keeps no docstring, so the source is read instead, if it is there.
    """
    if thing.__doc__:
        return cleandoc(thing.__doc__)
    import ast
    from inspect import getsource
    from textwrap import dedent

    try:
        definition = ast.parse(dedent(getsource(thing))).body[0]
    except (OSError, TypeError):  # a built-in, or a program packed without its sources
        return ""
    if not isinstance(definition, ast.ClassDef | ast.FunctionDef):
        return ""
    return ast.get_docstring(definition) or ""
