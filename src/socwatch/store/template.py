"""The text of a new register: empty, and teaching what to write into it; or the shipped one.

What each field means, which of them must be there and what they may say is what `FIELDS` says.
Only the examples are written here; they are what the tests make a valid register of.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from socwatch.records import (
    ACTIONS,
    FIELDS,
    FORMAT,
    KINDS,
    MAY_ALWAYS_CARRY,
    REGISTER,
    SCALES,
    TABLES,
    ActionSpec,
    KindSpec,
    Status,
)
from socwatch.store.schema import DIRECTIVE, FILE_NAME

_WIDTH = 98
"""How long a line of the comments may be."""

_PREFACE = f"""\
# A register of what inspectors asked of police forces, and of what has come of it.
#
# socwatch reads this file; so can you. What stands after a # is for people: socwatch skips it.
# The register is still empty. Under each heading stands what a record says, then an example:
# lines that begin with # and no blank after it. Take the # away from such lines, or copy them
# without it, and write your own words over ours: Anyshire and all that is said of it are made up.
#
#   socwatch validate   after every change: lists each fault, with what to type instead
#   socwatch status     shows where every body stands
#
# How it is written
#   Records    Each begins with the name of its table in double square brackets, then one field a
#              line, in any order. Fields marked * must be there. What is not known is left out.
#   Ids        Lower-case words and numbers joined by hyphens. Other people will have written them
#              down, so they are never changed.
#   Texts      "In quotation marks". Three of them, \"""like this\""", hold a text of several lines.
#   Dates      2025-03-12, without quotation marks. A month or a year that is all we know is
#              "2025-03" or "2025", with them.
#   Deadlines  The last day that is still in time: 2025-09-30; "2025-09", to the end of the month;
#              "immediately", the day of publication; "6 months", counted from publication.
#   Times      2025-03-13T09:15:02Z, where Z is UTC; in summer time 2025-07-01T10:15:02+01:00.
#
# An editor that reads JSON Schema (with taplo, tombi or Even Better TOML) completes and checks
# this file while you type. To have that, type in this folder
#   socwatch schema --output {FILE_NAME}
# and put this line at the very top of this file, beginning with its #:
#   {DIRECTIVE}

format = {FORMAT}
#title = "Anyshire: serious and organised crime inspections"
"""

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "sources": """
[[sources]]
id = "hmicfrs-2025-03-12"
publisher = "HMICFRS"
title = "An inspection of how the Middle Counties tackle serious and organised crime"
published = 2025-03-12
url = "https://example.org/middle-counties"
seen = 2025-03-20
note = "Read in full."

[[sources]]
id = "anyshire-gazette-2025-03"
publisher = "Anyshire Gazette"
title = "Police told to do better"
published = "2025-03"
""",
        "bodies": """
[[bodies]]
id = "middle-counties"
name = "Middle Counties region"
kind = "region"

[[bodies]]
id = "anyshire"
name = "Anyshire Police"
kind = "force"
region = "middle-counties"
local_policing_body = "Anyshire Police and Crime Commissioner"
aliases = ["Anyshire", "the county force"]
sources = ["hmicfrs-2025-03-12"]
note = "Covers the county and the city."

[[bodies]]
id = "mcrocu"
name = "Middle Counties Regional Organised Crime Unit"
kind = "regional-unit"
region = "middle-counties"
""",
        "inspections": """
[[inspections]]
id = "peel-anyshire-2021"
title = "PEEL 2021/22: Anyshire"
inspectorate = "HMICFRS"
published = 2022-04-28

[[inspections]]
id = "soc-middle-counties-2025"
title = "An inspection of how the Middle Counties tackle serious and organised crime"
inspectorate = "HMICFRS"
published = 2025-03-12
fieldwork = "2024-10"
scale = "five-grades"
url = "https://example.org/middle-counties"
not_on_record = ["Anyshire Police: two areas for improvement, which its commissioner mentions."]
sources = ["hmicfrs-2025-03-12"]
contradicted_by = [{ source = "anyshire-gazette-2025-03", says = "Published on 13 March." }]
note = "One report on the region, its unit and its forces."
""",
        "grades": """
[[grades]]
inspection = "soc-middle-counties-2025"
body = "anyshire"
question = "Tackling serious and organised crime"
grade = "requires-improvement"
sources = ["hmicfrs-2025-03-12"]
contradicted_by = [{ source = "anyshire-gazette-2025-03", says = "Graded inadequate." }]
note = "The paper may have read the grade of another question."
""",
        "findings": """
[[findings]]
id = "anyshire-2021-a1"
inspection = "peel-anyshire-2021"
bodies = ["anyshire"]
kind = "area-for-improvement"
summary = "Know which groups are at work in the county."

[[findings]]
id = "anyshire-2025"
inspection = "soc-middle-counties-2025"
bodies = ["anyshire", "mcrocu"]
kind = "cause-of-concern"
summary = "Neither the force nor the unit can say which groups do most harm."
recommendations_stated = 3
recurs_from = ["anyshire-2021-a1"]
supersedes = ["anyshire-2021-a1"]

[[findings]]
id = "anyshire-2025-r1"
inspection = "soc-middle-counties-2025"
bodies = ["anyshire"]
kind = "recommendation"
part_of = "anyshire-2025"
label = "Recommendation 1"
source_term = "action"
summary = "Employ and train enough analysts."
deadline = "6 months"
deadline_words = "within six months"
deadline_set_by = "inspectorate"
deadline_sources = ["anyshire-gazette-2025-03"]
deadline_note = "Counted from the day of publication."
target = "2025-08"
blocked_by = ["anyshire-2025-r2"]
depends_on = "The county council, which pays for two of the posts."
aliases = ["analysts"]
sources = ["hmicfrs-2025-03-12"]
contradicted_by = [{ source = "anyshire-gazette-2025-03", says = "By the end of the year." }]
note = "The report gives no number of posts."

[[findings]]
id = "anyshire-2025-r2"
inspection = "soc-middle-counties-2025"
bodies = ["anyshire", "mcrocu"]
kind = "recommendation"
part_of = "anyshire-2025"
summary = "Agree who may see which intelligence."
deadline = 2025-09-30
""",
        "monitoring": """
[[monitoring]]
body = "anyshire"
phase = "Engage"
entered = 2025-04-02
left = "2026-01"
reason = "It had not acted on its cause of concern."
finding = "anyshire-2025"
sources = ["hmicfrs-2025-03-12"]
contradicted_by = [{ source = "anyshire-gazette-2025-03", says = "Placed in it in March." }]
note = "The day on which it left was not published."
""",
        "responses": """
[[responses]]
inspection = "soc-middle-counties-2025"
body = "anyshire"
answered_by = "local-policing-body"
dated = 2025-05-01
published = 2025-05-06
summary = "Accepts the cause of concern, and pays for more analysts."
url = "https://example.org/commissioner"
sources = ["hmicfrs-2025-03-12"]
contradicted_by = [{ source = "anyshire-gazette-2025-03", says = "Nobody has answered." }]
note = "Within the 56 days that the Police Act 1996 gives."
""",
        "updates": """
[[updates]]
id = "u-1"
finding = "anyshire-2025-r2"
body = "mcrocu"
action = "start"
on = 2025-04-01
owner = "Head of intelligence"
recorded = 2025-04-02T09:15:02Z

[[updates]]
id = "u-2"
finding = "anyshire-2025-r1"
action = "extend"
on = 2025-09-01
by = "HMICFRS"
note = "Two analysts start only in November."
deadline = 2025-12-31
recorded = 2025-09-01T16:40:00+01:00

[[updates]]
id = "u-3"
finding = "anyshire-2025-r1"
action = "mute"
on = 2025-12-20
note = "The board meets on 14 January, and will hear of it then."
until = 2026-01-14
recorded = 2025-12-20T11:00:00Z

[[updates]]
id = "u-4"
finding = "anyshire-2025-r1"
action = "done"
on = 2026-01-12
by = "A. Officer"
note = "All posts are filled."
evidence = ["https://example.org/board", "minutes/2026-01-14.pdf"]
sources = ["hmicfrs-2025-03-12"]
recorded = 2026-01-15T10:30:00Z

[[updates]]
id = "u-5"
finding = "anyshire-2025-r1"
action = "retract"
on = 2026-01-16
note = "One post is still empty."
update = "u-4"
recorded = 2026-01-16T09:00:00Z

[[updates]]
id = "u-6"
finding = "anyshire-2021-a1"
action = "close"
on = 2025-03-12
note = "The new cause of concern asks for more."
outcome = "superseded"
successor = "anyshire-2025"
recorded = 2025-03-20T14:00:00Z
""",
    }
)
"""For each table, records that between them have every field it knows, valid all together."""


def empty_register() -> str:
    """A valid register without a record, whose comments say how to fill it in."""
    return "\n\n".join((_PREFACE, *map(_section, TABLES)))


def example_register() -> bytes:
    """The register that socwatch ships, byte for byte."""
    packed = resources.files("socwatch").joinpath("example.toml")
    if packed.is_file():
        return packed.read_bytes()
    # An editable install runs from the checkout, where the file has the place that users give it.
    return Path(__file__).parents[3].joinpath("data", "recommendations.toml").read_bytes()


def _section(table: str) -> str:
    title = table.capitalize()
    rows = (
        (f"{name} *" if field.required else name, field.described())
        for name, field in FIELDS[table].items()
    )
    lines = [
        f"# {'-' * (_WIDTH - len(title) - 3)} {title}",
        f"# {REGISTER[table].meaning}",
        *_columns(rows),
        *_more(table),
        *(f"#{line}" if line else "" for line in EXAMPLES[table].splitlines()),
    ]
    return "\n".join(lines) + "\n"


def _more(table: str) -> Iterator[str]:
    """What a table's words stand for, where its fields alone do not say it."""
    match table:
        case "grades":
            yield "# The scales:"
            yield from _columns((scale, ", ".join(grades)) for scale, grades in SCALES.items())
        case "findings":
            yield "# The kinds:"
            yield from _columns((kind, _kind_words(spec)) for kind, spec in KINDS.items())
        case "updates":
            yield "# The actions:"
            yield from _columns((action, _action_words(spec)) for action, spec in ACTIONS.items())
            yield f"# Any update may have {_join(MAY_ALWAYS_CARRY, 'and')}."


def _columns(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Two columns of a comment, the second wrapped within its own."""
    rows = tuple(rows)
    width = max(len(first) for first, _ in rows)
    for first, second in rows:
        yield from textwrap.wrap(
            second,
            _WIDTH,
            initial_indent=f"#   {first:{width}}  ",
            subsequent_indent=f"#   {'':{width}}  ",
            break_on_hyphens=False,
        )


def _kind_words(spec: KindSpec) -> str:
    parts = [
        f"needs part_of, a {KINDS[spec.parent].singular}" if spec.parent is not None else "",
        "may have a deadline" if spec.may_be_overdue else "has no deadline",
        "" if spec.tracked else "asks nothing of anybody, so it has no status",
    ]
    return "; ".join(part for part in parts if part)


def _action_words(spec: ActionSpec) -> str:
    after = [status for status in Status if status in spec.allowed_from]
    parts = [
        f"from {_join(after, 'or')}" if len(after) < len(Status) else "at any time",
        f"makes it {spec.new_status}" if spec.new_status is not None else "",
        f"needs {_join(spec.required, 'and')}" if spec.required else "",
        f"may have {_join(spec.optional, 'and')}" if spec.optional else "",
    ]
    return "; ".join(part for part in parts if part)


def _join(words: Sequence[str], joint: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {joint} {last}" if most else last
