"""Make docs/commands.md, docs/register.md, and tables of other pages, out of the code.

    python docs/make_reference.py [FOLDER]

The commands and their options come from the command line itself, the fields from `FIELDS`, the
kinds, actions and grades from their tables, failures from their classes, the keys of machine output
from the columns of reports: none is written twice.
"""  # noqa: INP001  # a script, run by its path

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from inspect import cleandoc
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from socwatch.cli import COMMANDS, SOCWATCH
from socwatch.cli.typer_seam import TyperArgument, TyperCommand, TyperGroup, TyperOption, parsers
from socwatch.errors import SocwatchError
from socwatch.fields import FieldSpec
from socwatch.records import (
    ACTIONS,
    FIELDS,
    KINDS,
    MAY_ALWAYS_CARRY,
    REGISTER,
    SCALES,
    TABLES,
    ActionSpec,
    KindSpec,
    Status,
)
from socwatch.reports import show
from socwatch.reports.changes import changes
from socwatch.reports.check.alerts import CheckOptions, attention
from socwatch.reports.check.report import alert
from socwatch.reports.grades import grades
from socwatch.reports.items import Filter
from socwatch.reports.list import items
from socwatch.reports.log import log
from socwatch.reports.responses import responses
from socwatch.reports.status import status
from socwatch.reports.table import Column, Report
from socwatch.reports.timeline import timeline
from socwatch.reports.trend import trend
from socwatch.reports.why import why
from socwatch.store.load import load
from socwatch.tracking import QueryDates
from socwatch.typed_dates import FORMS, parse_date

FOLDER = Path(__file__).parent
SHIPPED = FOLDER.parent / "data" / "recommendations.toml"
SHARED_BY = 3
"""An option that so many commands have in the same words is described once."""

Option = tuple[str, str]
"""How an option or an argument is typed, and what it is for."""


def commands_page() -> str:
    """Every command with its arguments and options."""
    found = dict(parsers(SOCWATCH))
    count = Counter(
        option
        for name, each in found.items()
        if name and " " not in name
        for option in options(each.params)
    )
    shared = [option for option, number in count.items() if number >= SHARED_BY]
    lines = [
        "<!-- Made by docs/make_reference.py: change the code, then run it. -->",
        "# Commands",
        "",
        "What is in square brackets may be left out. `socwatch COMMAND --help` says the same.",
    ]
    for panel, members in groupby(COMMANDS, key=lambda command: command.panel):
        lines += ["", f"## {panel}"]
        for member in members:
            for name, each in found.items():
                if name.partition(" ")[0] == member.name:
                    lines += command_section(name, each, shared)
    lines += [
        "",
        "## Options that several commands have",
        "",
        *table(("option", "meaning"), shared),
    ]
    lines += [
        "",
        "## Without a command",
        "",
        *table(("option", "meaning"), options(found[""].params)),
    ]
    return "\n".join(lines) + "\n"


def command_section(
    name: str, command: TyperCommand | TyperGroup, shared: Sequence[Option]
) -> Iterator[str]:
    """A command: how it is typed, what it does, which options are its own."""
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    kinds = ["KIND …"] if isinstance(command, TyperGroup) else []
    typed = " ".join(("socwatch", name, *map(typed_argument, arguments), *kinds))
    yield from ("", f"### {name}", "", f"`{typed}`", "", command.help or "")
    described = [(f"`{argument.metavar}`", argument.help or "") for argument in arguments]
    own = [option for option in options(command.params) if option not in shared]
    if described or own:
        yield from ("", *table(("argument or option", "meaning"), described + own))
    also = [name_of(option) for option in options(command.params) if option in shared]
    if also:
        yield from (
            "",
            f"Also, as told [below](#options-that-several-commands-have): {', '.join(also)}.",
        )


def typed_argument(argument: TyperArgument) -> str:
    """An argument as it is typed: ID, [ID], [BODY…]."""
    many = "…" if argument.nargs != 1 else ""
    return f"{argument.metavar}{many}" if argument.required else f"[{argument.metavar}{many}]"


def options(parameters: Iterable[object]) -> list[Option]:
    """The options among these parameters, in their order."""
    return [option(each) for each in parameters if isinstance(each, TyperOption)]


def option(parameter: TyperOption) -> Option:
    """An option as it is typed, its value beside it, and its help with its default."""
    value = "" if parameter.is_flag else f" {parameter.metavar}"
    typed = ", ".join(f"`{name}{value}`" for name in parameter.opts)
    default = parameter.default
    stated = default not in (None, "", False) and not parameter.is_flag
    return typed, f"{parameter.help}" + (f" By default {default}." if stated else "")


def name_of(option: Option) -> str:
    """An option by its first name alone."""
    return f"`{option[0].split('`')[1].split()[0]}`"


def register_page() -> str:
    """Every table and field of a register, and the fixed lists that they draw on."""
    head = [field for name, field in REGISTER.items() if name not in TABLES]
    lines = [
        "<!-- Made by docs/make_reference.py: change the code, then run it. -->",
        "# The register",
        "",
        *INTRODUCTION.strip().split("\n"),
        "",
        "## The file",
        "",
        *table(("at the top of the file", "must be there", "form", "meaning"), fields(head)),
        "",
        *table(("table", "a record is"), tables()),
    ]
    for name in TABLES:
        lines += ["", f"## {name}", "", REGISTER[name].meaning]
        rows = fields(FIELDS[name].values())
        lines += ["", *table(("field", "must be there", "form", "meaning"), rows)]
        if name in MORE:
            lines += ["", *MORE[name]()]
    return "\n".join(lines) + "\n"


INTRODUCTION = """
A register is one text file in the form of [TOML](https://toml.io). By default socwatch looks for
`data/recommendations.toml` or `recommendations.toml` in the folder where you are, then in each
folder above it. `--records FILE` or the variable `SOCWATCH_RECORDS` names another.

`socwatch init` writes an empty one, with these same fields as comments and an example of each.
`socwatch validate` lists its faults. This is one that is complete and valid:

```toml
format = 1

[[sources]]
id = "gazette-2025-03-12"
publisher = "Anyshire Gazette"
title = "Police told to do better"
published = 2025-03-12

[[bodies]]
id = "anyshire"
name = "Anyshire Police"
kind = "force"

[[inspections]]
id = "soc-anyshire-2025"
title = "How Anyshire Police tackles serious and organised crime"
inspectorate = "HMICFRS"
published = 2025-03-12

[[findings]]
id = "anyshire-2025"
inspection = "soc-anyshire-2025"
bodies = ["anyshire"]
kind = "cause-of-concern"
summary = "The force cannot say which groups do most harm."
sources = ["gazette-2025-03-12"]

[[findings]]
id = "anyshire-2025-r1"
inspection = "soc-anyshire-2025"
bodies = ["anyshire"]
kind = "recommendation"
part_of = "anyshire-2025"
summary = "Employ and train enough analysts."
deadline = "6 months"
deadline_words = "within six months"
sources = ["gazette-2025-03-12"]

[[updates]]
id = "u-5f0c91d2"
finding = "anyshire-2025-r1"
action = "start"
on = 2025-04-01
owner = "Head of intelligence"
recorded = 2025-04-02T09:15:02Z
```

How far a finding has come is no field of it. That follows from the updates, which are only ever
added: what the register said last year can be asked again. Ids never change either, since other
people will have written them down. What is not known is left out.

## How values are written

| form | is written |
| --- | --- |
| text | between quotation marks: `"Anyshire Police"` |
| id | a text of lower-case words and numbers joined by hyphens: `"anyshire-2025-r1"` |
| ids, texts | several of them in square brackets: `["anyshire", "mcrocu"]` |
| records | `[{ source = "gazette-2025-03-12", says = "By the end of the year." }]` |
| day | without quotation marks: `2025-03-12` |
| day, month or year | a day; or, where no more is known, `"2025-03"` or `"2025"` |
| deadline | the same; or `"immediately"`; or a span, `"6 months"`: see [dates](dates.md) |
| time | `2025-03-13T09:15:02Z`, where Z is UTC; in summer time `2025-07-01T10:15:02+01:00` |
| number | `9` |
| a word | one of those that its meaning names, between quotation marks: `"recommendation"` |
"""


def tables() -> Iterator[Option]:
    """Each table with what a record of it is."""
    for name in TABLES:
        yield f"[`[[{name}]]`](#{name})", REGISTER[name].meaning


def fields(specs: Iterable[FieldSpec]) -> Iterator[Sequence[str]]:
    """Each of these fields: its name, whether it must be there, its form, its meaning."""
    for field in specs:
        must = "yes" if field.required else ""
        yield f"`{field.name}`", must, form(field), field.described("`")


def form(field: FieldSpec) -> str:
    """How a field is written, in the words of the page."""
    if field.words:
        return "a word"
    return f"{field.form}s" if field.many else field.form


def grades_more() -> Iterator[str]:
    """The scales."""
    yield "Grades of two scales cannot be compared. The round of 2021/22 was the first with five."
    yield ""
    yield from table(
        ("scale of the inspection", "its grades, best first"),
        (
            (f"`{scale}`", ", ".join(f"`{grade}`" for grade in grades))
            for scale, grades in SCALES.items()
        ),
    )
    yield ""
    yield "A body that was inspected without being graded is `not-graded`, on either scale."


def findings_more() -> Iterator[str]:
    """The kinds."""
    yield from table(
        ("kind", "is", "hangs from", "deadline", "status"),
        ((f"`{kind}`", *kind_cells(spec)) for kind, spec in KINDS.items()),
    )


def kind_cells(spec: KindSpec) -> Sequence[str]:
    """What follows from a kind, a cell each."""
    return (
        f"{'an' if spec.singular[0] in 'aeiou' else 'a'} {spec.singular}",
        f"a {KINDS[spec.parent].singular} (`part_of`)" if spec.parent is not None else "",
        "may have one" if spec.may_be_overdue else "none: it is never overdue",
        "yes" if spec.tracked else "none: it asks nothing of anybody",
    )


def updates_more() -> Iterator[str]:
    """The actions."""
    carried = [name for name, field in FIELDS["updates"].items() if field.required]
    yield (
        f"Every update carries {words(carried, 'and')}, and `body` where the finding has several "
        f"bodies. Any may carry {words(MAY_ALWAYS_CARRY, 'and')}. A finding begins as "
        f"`{Status.OPEN}`."
    )
    yield ""
    yield from table(
        ("action", "may follow from", "gives", "must carry", "may carry"),
        ((f"`{action}`", *action_cells(spec)) for action, spec in ACTIONS.items()),
    )


def action_cells(spec: ActionSpec) -> Sequence[str]:
    """What an action needs and gives, a cell each."""
    after = [status for status in Status if status in spec.allowed_from]
    return (
        "any status" if len(after) == len(Status) else words(after, "or"),
        f"`{spec.new_status}`" if spec.new_status is not None else "the status as it is",
        words(spec.required, "and"),
        words(spec.optional, "and"),
    )


MORE: Mapping[str, Callable[[], Iterator[str]]] = MappingProxyType(
    {"grades": grades_more, "findings": findings_more, "updates": updates_more}
)
"""What stands below the fields of a table."""


def words(names: Sequence[str], joint: str) -> str:
    """Names in a sentence."""
    *most, last = [f"`{name}`" for name in names] or [""]
    return f"{', '.join(most)} {joint} {last}" if most else last


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table of Markdown."""
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def exit_codes_page() -> str:
    """The page of exit codes as it stands, with a row for every failure."""
    page = (FOLDER / "exit-codes.md").read_text(encoding="utf-8")
    before, begin, rest = page.partition(ROWS_BEGIN)
    _, end, after = rest.partition(ROWS_END)
    rows = sorted(
        ((f"`{f.__name__}`", str(f.exit_code), cleandoc(f.__doc__ or "")) for f in failures()),
        key=lambda row: int(row[1]),
    )
    made = "\n".join(table(("failure", "code", "means"), rows))
    return f"{before}{begin}\n{made}\n{end}{after}"


ROWS_BEGIN = "<!-- These rows are made by docs/make_reference.py. -->"
ROWS_END = "<!-- They end here. -->"


def failures(family: type[SocwatchError] = SocwatchError) -> Iterator[type[SocwatchError]]:
    """Every failure of a family, each before those that are cases of it."""
    for failure in family.__subclasses__():
        yield failure
        yield from failures(failure)


def json_page() -> str:
    """The page of machine output as it stands, with a row for every key of every report."""
    page = (FOLDER / "json.md").read_text(encoding="utf-8")
    for heading, columns in json_tables().items():
        before, found, below = page.partition(f"### {heading}\n")
        words, _, rest = below.partition("| key | type | is |")
        assert found, heading  # noqa: S101  # each table has a heading on the page
        assert "#" not in words, heading  # noqa: S101  # and stands below it
        made = "\n".join(table(("key", "type", "is"), map(column_cells, columns)))
        _, _, after = rest.partition("\n\n")
        page = f"{before}{found}{words}{made}\n\n{after}"
    return page


def json_tables() -> dict[str, tuple[Column[Any], ...]]:
    """The columns of each sort of row, by its heading on the page."""
    found: dict[str, tuple[Column[Any], ...]] = {}
    for name, report in reports().items():
        for each in report.tables:
            heading = JSON_HEADINGS[name, each.key]
            columns = found.setdefault(heading, each.columns)
            same = {c.key for c in columns} == {c.key for c in each.columns}
            assert same, (name, each.key)  # noqa: S101  # those that share a heading share their keys
    return found


def reports() -> dict[str, Report]:
    """A report of each sort, from the shipped register."""
    register = load(SHIPPED).register
    assert register is not None  # noqa: S101  # the shipped register is valid
    asked = QueryDates(date(2026, 11, 22), since=date(2024, 5, 13))
    finding = register.finding_by_id["wmp-soc-2024-r1"]
    inspection = register.inspection_by_id["soc-west-midlands-2024"]
    return {
        "list": items(register, asked, Filter()),
        "status": status(register, asked),
        "finding": show.finding(register, finding, finding.bodies, asked),
        "body": show.body(register, register.body_by_id["west-mercia"], asked),
        "inspection": show.inspection(register, inspection, asked),
        "why": why(register, finding, finding.bodies, asked),
        "grades": grades(register, asked),
        "responses": responses(register, asked),
        "log": log(register, asked),
        "check": alert(attention(register, asked, CheckOptions())),
        "changes": changes(register, asked),
        "trend": trend(register, asked),
        "timeline": timeline(register, asked),
    }


JSON_HEADINGS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("list", "rows"): "An item",
        ("status", "rows"): "A body's standing",
        ("status", "overdue"): "An item",
        ("status", "due_soon"): "An item",
        ("finding", "rows"): "A finding",
        ("finding", "links"): "A link",
        ("finding", "history"): "An update",
        ("finding", "contradicted_by"): "A contradiction",
        ("finding", "sources"): "A source",
        ("body", "rows"): "A body",
        ("body", "grades"): "A grade",
        ("body", "items"): "An item",
        ("body", "monitoring"): "A stay in monitoring",
        ("body", "responses"): "A response",
        ("body", "sources"): "A source",
        ("inspection", "rows"): "An inspection",
        ("inspection", "grades"): "A grade",
        ("inspection", "items"): "An item",
        ("inspection", "responses"): "A response",
        ("inspection", "contradicted_by"): "A contradiction",
        ("inspection", "sources"): "A source",
        ("why", "rows"): "A reason",
        ("why", "moved"): "A move",
        ("grades", "rows"): "A grade",
        ("responses", "rows"): "A duty to answer",
        ("log", "rows"): "An update",
        ("check", "rows"): "A thing that needs attention",
        ("check", "counts"): "A count of what needs attention",
        ("check", "suppressed"): "A count of alerts that are not listed",
        ("changes", "figures"): "A figure",
        ("changes", "rows"): "A change",
        ("changes", "late"): "A change",
        ("trend", "rows"): "A month",
        ("trend", "bodies"): "A body's ages and slippage",
        ("timeline", "rows"): "An item",
    }
)
"""The heading below which the keys of a table stand; tables with the same rows share one."""


def column_cells(column: Column[Any]) -> Sequence[str]:
    """A key, the form of its values, and what they mean, with the words of a fixed list."""
    if isinstance(column.form, str):
        return f"`{column.key}`", column.form, column.meaning
    listed = ", ".join(f"`{word}`" for word in column.form)
    return f"`{column.key}`", "a word", f"{column.meaning} One of {listed}."


DATES_TYPED_ON = date(2026, 11, 22)
"""The day on which the examples of dates.md are typed, a Sunday."""


def dates_page() -> str:
    """Return the page of dates as it stands, with a row for every example of a form of dates."""
    page = (FOLDER / "dates.md").read_text(encoding="utf-8")
    head = ("you type", f"which means, on {DATES_TYPED_ON:%A} {DATES_TYPED_ON.day} November 2026")
    before, found, rest = page.partition(f"| {head[0]} | ")
    assert found  # noqa: S101  # the table has a place on the page
    _, _, after = rest.partition("\n\n")
    examples = [example for form in FORMS for example in form.examples]
    rows = ((f"`{each}`", parse_date(each, today=DATES_TYPED_ON).in_words()) for each in examples)
    return "\n".join((before + "\n".join(table(head, rows)), "", after))


PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "commands.md": commands_page,
        "dates.md": dates_page,
        "exit-codes.md": exit_codes_page,
        "json.md": json_page,
        "register.md": register_page,
    }
)

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for page_name, made in PAGES.items():
        (folder / page_name).write_text(made(), encoding="utf-8", newline="\n")
