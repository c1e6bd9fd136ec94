"""Times `socwatch merge` on two large copies, beside `validate` of one: `python bench/merging.py`.

Both sides have appended 10,000 updates to one register. The ratio travels between machines; the
seconds are those of this one. It also times `status` beside a folder of many other files, to show
what looking for conflict copies costs. Exits with 1 if a target is missed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

# The generator stands with the tests, which share it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from processes import ROOT, Command, Timing, interleaved

from generated import generated

FINDINGS, APPENDED, ROUNDS = 2_000, 10_000, 7
NEIGHBOURS = 200
"""Files beside the register whose names are not like its own."""

MAX_MERGE, MAX_LOOK = 4.0, 1.1
"""The most that `merge --git` may take of `validate`, and `status` with neighbours of without."""


def updates(side: int, ids: list[tuple[str, str]]) -> str:
    """Return the updates that one side has appended, in turn with the other's, second by second."""
    lines = []
    for number in range(APPENDED):
        second = 2 * number + side
        finding, body = ids[number % len(ids)]
        lines.append(
            f'\n[[updates]]\nid = "m-{side}-{number:05}"\nfinding = "{finding}"\n'
            f'body = "{body}"\naction = "note"\nnote = "Note {number}."\non = 2035-01-05\n'
            f"recorded = 2035-01-06T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z\n"
        )
    return "".join(lines)


def commands(folder: Path) -> tuple[Command, ...]:
    """Return what is timed, on files that are written here."""
    register = generated(FINDINGS)
    ids = [(item.id.partition("@")[0], item.body) for item in register.items]
    base, theirs = folder / "base.toml", folder / "theirs.toml"
    base.write_text(register.text, encoding="utf-8")
    ours = folder / "ours.toml"
    ours.write_text(register.text + updates(0, ids), encoding="utf-8")
    theirs.write_text(register.text + updates(1, ids), encoding="utf-8")
    shipped = (ROOT / "data" / "recommendations.toml").read_bytes()
    for name, neighbours in (("alone", 0), ("among", NEIGHBOURS)):
        beside = folder / name
        beside.mkdir()
        (beside / "recommendations.toml").write_bytes(shipped)
        for number in range(neighbours):
            (beside / f"letter-{number}.pdf").touch()
    socwatch = str(Path(sys.executable).with_name("socwatch"))
    target = folder / "merged.toml"
    again = f'cp {ours} {target} && "$0" merge --git {base} {target} {theirs} --name x.toml'
    return (
        Command("merge --git", ("sh", "-c", again, socwatch)),
        Command("validate", (socwatch, "--records", str(ours), "validate"), "is valid"),
        *(
            Command(
                f"status, {name}",
                (socwatch, "--records", str(folder / name / "recommendations.toml"), "status"),
            )
            for name in ("alone", "among")
        ),
    )


def main() -> int:
    """Print what was measured, and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, Timing] = interleaved(commands(Path(folder)), rounds=ROUNDS)
    for name, timing in found.items():
        print(f"{name}: {median(timing.seconds):.2f} s")
    missed = 0
    for mine, reference, most in (
        ("merge --git", "validate", MAX_MERGE),
        ("status, among", "status, alone", MAX_LOOK),
    ):
        ratio = found[mine].against(found[reference])
        missed += ratio > most
        verdict = "missed" if ratio > most else "reached"
        print(f"{mine} / {reference}: {ratio:.2f}, at most {most}: {verdict}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
