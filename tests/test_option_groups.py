"""Groups of options: what typer sees of them, and what a command gets."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Annotated

import pytest
import typer

from conftest import Soc
from socwatch.cli import SOCWATCH
from socwatch.cli.option_groups import OptionGroup, flatten, gather
from socwatch.cli.typer_seam import Command, TyperOption, parser, parsers

SizeOption = Annotated[int, typer.Option("--size")]


class Shape(OptionGroup):
    """A group."""

    size: SizeOption = 3
    name: Annotated[str | None, typer.Option("--name")] = None


class Box(Shape):
    """A group with more options."""

    weight: Annotated[int, typer.Option("--weight")]


class Parcel(OptionGroup):
    """A group that holds another."""

    box: Box
    to: Annotated[str, typer.Option("--to")] = "here"


def send(*, first: SizeOption = 1, parcel: Parcel, last: SizeOption = 9) -> None:
    """Take what a command takes."""
    del first, parcel, last


TAKEN = [*signature(send, eval_str=True).parameters.values()]


def test_options_stand_where_their_group_stands() -> None:
    """Fields take the place of their group, those of the group that is extended first."""
    found = {each.name: each.default for each in flatten(TAKEN)}
    assert [*found] == ["first", "size", "name", "weight", "to", "last"]
    assert (found["size"], found["weight"]) == (3, Parameter.empty)
    assert not any(each.annotation is Box for each in flatten(TAKEN))


def test_what_a_command_gets() -> None:
    """Values become groups again, as deep as they were taken apart, and stay as they are."""
    values = {"first": 1, "size": 4, "name": None, "weight": 5, "to": "there", "last": 2}
    given = gather(TAKEN, values)
    assert [*given] == ["first", "parcel", "last"]
    parcel: Parcel = given["parcel"]
    assert (parcel.to, parcel.box.size, parcel.box.weight) == ("there", 4, 5)
    assert isinstance(parcel.box, Box)
    with pytest.raises(AttributeError, match="to"):
        setattr(parcel, "to", "elsewhere")  # noqa: B010  # what mypy would refuse
    assert parcel.to == "there"


def test_what_is_left_out_has_its_default() -> None:
    """A group that is made without some of its fields has their defaults."""
    assert (Box(weight=1).size, Box(weight=1).name) == (3, None)
    assert Box(weight=1, size=2).size == 2


def test_two_fields_of_one_name() -> None:
    """Two groups of a command cannot have a field of the same name: one would get its value."""

    def twice(*, one: Shape, two: Shape) -> None:
        del one, two

    with pytest.raises(ValueError, match="duplicate parameter name"):
        parser(Command("twice", twice))


def test_no_option_is_declared_twice() -> None:
    """In each command an option stands once, with one meaning."""
    for name, found in parsers(SOCWATCH):
        options = [o for p in found.params if isinstance(p, TyperOption) for o in p.opts]
        assert len(options) == len(set(options)), name


def test_groups_of_a_real_command(sound: Soc) -> None:
    """What is typed for the groups of a command comes to it, and nothing else does."""
    told = sound.json("list", "--body", "norfolk", "--text", "analysts", "--as-of", "2025-01-02")
    assert [row["id"] for row in told["rows"]] == ["r1"]
    assert (told["as_of"], told["recorded_until"]) == ("2025-01-02", None)
