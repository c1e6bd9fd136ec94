"""A small register that is valid, as text to add to and as text to spoil."""

from __future__ import annotations

SMALL = """\
format = 1

[[sources]]
id = "paper"
publisher = "A Paper"
title = "What inspectors said"

[[bodies]]
id = "north-region"
name = "North region"
kind = "region"

[[bodies]]
id = "norfolk"
name = "Norfolk Constabulary"
kind = "force"
region = "north-region"
local_policing_body = "Norfolk Commissioner"
aliases = ["Norfolk"]

[[bodies]]
id = "northumbria"
name = "Northumbria Police"
kind = "force"
region = "north-region"

[[inspections]]
id = "soc-2024"
title = "How the north tackles organised crime"
inspectorate = "HMICFRS"
published = 2024-05-14
scale = "five-grades"
sources = ["paper"]

[[grades]]
inspection = "soc-2024"
body = "norfolk"
question = "Tackling organised crime"
grade = "inadequate"

[[findings]]
id = "cause"
inspection = "soc-2024"
bodies = ["norfolk", "northumbria"]
kind = "cause-of-concern"
summary = "Neither force knows what it faces."
recommendations_stated = 3

[[findings]]
id = "r1"
inspection = "soc-2024"
bodies = ["norfolk"]
kind = "recommendation"
part_of = "cause"
summary = "Employ enough analysts."
deadline = 2025-01-01
deadline_words = "by 1 January"
sources = ["paper"]

[[findings]]
id = "r2"
inspection = "soc-2024"
bodies = ["norfolk", "northumbria"]
kind = "recommendation"
part_of = "cause"
summary = "Share what partners know."
deadline = "2025-03"

[[findings]]
id = "a1"
inspection = "soc-2024"
bodies = ["northumbria"]
kind = "area-for-improvement"
summary = "Keep better records."
"""
"""Two forces, a cause of concern with two of its three recommendations, an area for improvement."""

ANSWERED = '[[responses]]\ninspection = "soc-2024"\nbody = "norfolk"\npublished = 2024-06-01\n'
SOUND = SMALL + ANSWERED
"""The small register with the one response that is asked for: nothing needs attention at first."""


def update(number: int, finding: str, action: str, on: str, *more: str) -> str:
    """An update as a register holds it, recorded at noon of its day unless `more` says when."""
    lines = [
        "",
        "[[updates]]",
        f'id = "u-{number}"',
        f'finding = "{finding}"',
        f'action = "{action}"',
        f"on = {on}",
        *more,
    ]
    if not any(line.startswith("recorded") for line in more):
        lines.append(f"recorded = {on}T12:00:00Z")
    return "\n".join(lines) + "\n"
