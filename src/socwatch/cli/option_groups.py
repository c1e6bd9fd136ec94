"""Options in groups: where a command takes an OptionGroup, typer sees the options in its fields.

This is the one place where groups become the parameters that typer reads, and where the values
that typer has parsed become groups again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from inspect import Parameter, get_annotations
from typing import Any, NoReturn, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True)
class OptionGroup:
    """A frozen dataclass whose fields are options, or groups of them.

    Every call of socwatch makes all these classes, so they are plain ones: to make a `NamedTuple`
    takes 0.1 ms, and a frozen `dataclass` 0.6 ms. Type checkers see a frozen dataclass.
    """

    def __init__(self, **values: Any) -> None:  # noqa: ANN401  # those of its fields
        """Set the fields; for each that is left out, the class has its default."""
        vars(self).update(values)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse to change a field."""
        raise AttributeError(name)


def flatten(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    """Yield the parameters, and for each group those of its fields in its place."""
    for each in parameters:
        if _is_group(each.annotation):
            yield from flatten(_fields(each.annotation))
        else:
            yield each


def gather(parameters: Iterable[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of each parameter, a group made of the values of its fields."""
    return {
        each.name: each.annotation(**gather(_fields(each.annotation), values))
        if _is_group(each.annotation)
        else values[each.name]
        for each in parameters
    }


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, OptionGroup)


@cache
def _fields(group: type[OptionGroup]) -> tuple[Parameter, ...]:
    """Return the fields of a group as parameters, those of the groups that it extends first.

    A field that it declares again keeps its place.
    """
    annotations: dict[str, Any] = {}
    for each in reversed(group.__mro__):
        annotations |= get_annotations(each, eval_str=True)
    return tuple(
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=getattr(group, name, Parameter.empty),
            annotation=annotation,
        )
        for name, annotation in annotations.items()
    )
