"""`check` for other programs: scripts, monitoring systems, metrics; none of them can misread it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conftest import AS_OF, TIMEOUT, Soc, bare_environment
from registers import SMALL, SOUND, update
from socwatch.cli.formats import format_names
from socwatch.render.formats import CHECK_FORMATS
from test_check import QUIET_DAY
from test_formats import HOSTILE, SAID, quoted, without_controls

LATE = ("check", "--as-of", "2025-01-02")


@pytest.fixture
def hostile(soc: Soc) -> Soc:
    """The command beside a register whose late findings, bodies and owners are hostile text."""
    lines = [
        "format = 1",
        '[[bodies]]\nid = "body"\nkind = "force"',
        f"name = {quoted(HOSTILE['pipes'] + HOSTILE['html'])}",
        f"local_policing_body = {quoted(HOSTILE['quotes'] + HOSTILE['backslashes'])}",
        '[[inspections]]\nid = "inspection"\ninspectorate = "HMICFRS"\npublished = 2024-05-14',
        f"title = {quoted(HOSTILE['literal-escape'] + HOSTILE['templates'])}",
    ]
    for name, text in HOSTILE.items():
        lines += [
            f'[[findings]]\nid = "{name}"\ninspection = "inspection"\nbodies = ["body"]',
            'kind = "cause-of-concern"\ndeadline = 2025-01-01',
            f"summary = {quoted(text)}",
        ]
    for number, (name, text) in enumerate(HOSTILE.items()):
        lines.append(update(number, name, "assign", "2024-06-01", f"owner = {quoted(text)}"))
    soc.write("\n".join(lines) + "\n")
    return soc


# ---------------------------------------------------------------------------------------- all forms


@pytest.mark.parametrize("word", ["officer ", "x" * 1200, "é" * 700, "Siân ", "日本 "])
def test_no_line_is_too_long_for_mail(soc: Soc, word: str) -> None:
    """No line has more than the 998 octets that mail servers accept, and no word is lost."""
    summary = (word * (1 + 2400 // len(word.encode()))).strip()
    soc.write(SMALL.replace("Employ enough analysts.", f"{summary} END"))
    printed = soc("check", "--as-of", AS_OF, code=1).out
    assert max(len(line.encode()) for line in printed.split("\n")) <= 998
    shown = "".join(printed.split())
    assert "".join(summary.split()) + "END" in shown
    assert shown.count("END") == 1


def test_formats_of_check_alone(sound: Soc) -> None:
    """No other command takes the formats that are for the callers of `check`."""
    names = [each.name for each in CHECK_FORMATS]
    own = [name for name in names if name not in format_names("list")]
    assert own == ["nagios", "prometheus"]
    assert names == ["plain", "json", "nagios", "prometheus"]
    for name in own:
        refused = sound("list", "--format", name, code=2)
        assert f"--format cannot be '{name}'" in refused.err
        assert refused.out == ""


@pytest.mark.parametrize("name", [each.name for each in CHECK_FORMATS])
def test_silence_in_every_form(sound: Soc, name: str) -> None:
    """Where nothing needs attention people get nothing, and programs an answer that says so."""
    out = sound("check", "--as-of", QUIET_DAY, "--format", name).out
    if name == "plain":
        assert out == ""
    else:
        assert out
        assert "r1" in out or name in {"json", "nagios"}
        assert "overdue=1" not in out


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("news.json", "{"), ("news.prom", "# HELP"), ("news.txt", "1 day past"),
        ("news", "1 day past"), ("news.log", "1 day past"),
    ],
)  # fmt: skip
def test_suffix_chooses_the_format(sound: Soc, file: str, begins: str) -> None:
    """The end of the file's name chooses the form; a name without one gets the plain one."""
    sound(*LATE, "--output", file, code=0 if file.endswith(".prom") else 1)
    assert (sound.folder / file).read_text().startswith(begins)
    assert sorted(path.name for path in sound.folder.iterdir()) == sorted(
        ["recommendations.toml", file]
    )


def test_plain(hostile: Soc) -> None:
    """Every character of hostile text is shown, on one line where lines count, and none obeyed."""
    plain = hostile(*LATE, code=1).out
    lines = {line.split("  ")[1].strip(): line for line in plain.partition("\n\n")[0].splitlines()}
    for name, said in SAID.items():
        assert said in lines[name]
    assert without_controls(plain)
    owners = hostile(*LATE, "--group-by", "owner", code=1).out
    assert f"Owner: {SAID['formula']}" in owners


def test_json(hostile: Soc) -> None:
    """Programs get the text itself, with the figures."""
    answer = json.loads(hostile(*LATE, "-f", "json", code=1).out)
    told = {row["id"]: row for row in answer["rows"] if row["matter"] == "overdue"}
    assert {name: row["summary"] for name, row in told.items()} == HOSTILE
    assert {name: row["owner"] for name, row in told.items()} == HOSTILE
    counts = {row["matter"]: row["count"] for row in answer["counts"]}
    assert counts["overdue"] == len(HOSTILE)
    assert counts["no-response"] == 1
    assert counts["due"] == 0


# ------------------------------------------------------------------------------------------- nagios


class Plugin(NamedTuple):
    """A plugin's answer as monitoring systems read it."""

    state: str
    said: str
    performance: dict[str, int]
    code: int


def read_plugin(out: str, code: int) -> Plugin:
    """An answer taken apart by the rules of the plugin interface."""
    assert out.endswith("\n")
    (line,) = out.splitlines()
    text, _, performance = line.partition("|")
    assert "|" not in performance
    found = re.fullmatch(r"SOCWATCH (OK|WARNING|CRITICAL|UNKNOWN) - (\S.*)", text.rstrip())
    assert found is not None, out
    figures = {}
    for figure in performance.split():
        parts = re.fullmatch(r"([a-z_]+)=(\d+);(\d*);(\d*);0", figure)
        assert parts is not None, figure
        figures[parts[1]] = int(parts[2])
    assert ["OK", "WARNING", "CRITICAL", "UNKNOWN"].index(found[1]) == code
    return Plugin(found[1], found[2], figures, code)


def probe(soc: Soc, *arguments: str | Path, code: int) -> Plugin:
    """What a probe says, stderr left empty: some systems mix it into what they show."""
    ran = soc(*arguments, code=code)
    assert ran.err == ""
    return read_plugin(ran.out, ran.code)


def test_nagios(soc: Soc) -> None:
    """OK where nothing needs attention, warning for what is due, critical once a day is past."""
    soc.write(SOUND + update(1, "r2", "mute", "2025-01-01", 'body = "norfolk"',
                             "until = 2026-01-01", 'note = "N."'))  # fmt: skip
    nagios = ("check", "--format", "nagios", "--as-of")
    fine = probe(soc, *nagios, QUIET_DAY, code=0)
    assert fine.said == "nothing needs attention among 6 items"
    assert set(fine.performance.values()) == {0, 6}
    due = probe(soc, *nagios, "2025-01-01", "--within", "100", "--within", "7", code=1)
    assert due.said == ("1 due within 7 days; 1 of 2 items due within 100 days listed; 1 muted")
    assert due.performance["due"] == 2
    assert due.performance["worst_days_past"] == 0
    late = probe(soc, *nagios, AS_OF, code=2)
    assert late.said == (
        "3 past their deadline with no completion on record; the longest is r1, 690 days past"
    )
    assert late.performance["overdue"] == 3
    assert late.performance["worst_days_past"] == 690
    assert late.performance["watched"] == 6


def test_nagios_tells_the_worst_first(soc: Soc) -> None:
    """A response that is past its day stands before what is only due."""
    soc.write(SMALL)
    said = probe(soc, "check", "-f", "nagios", "--as-of", "2024-12-30", code=2).said
    assert said.startswith("1 response not on record after the 56 days; 1 due within 28 days")
    assert "the longest is soc-2024@norfolk, 175 days past" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--format", "nagios", "--oops"],
        ["check", "--oops", "--format=nagios"],
        ["--records", "none.toml", "check", "--format", "nagios"],
        ["check", "-f", "nagios", "--records", "none.toml"],
        ["check", "-fnagios", "--records=none.toml"],
        ["check", "-f", "NAGIOS", "--within", "many"],
        ["check", "--owner", "json", "--oops", "-f", "json", "-fnagios"],
        ["check", "--format", "nagios", "--within"],
        ["check", "--format", "nagios", "--body", "nowhere"],
        ["check", "--format", "nagios", "--body", "nor"],
        ["check", "--format", "nagios", "--owner", "nobody"],
        ["check", "--format", "nagios", "--as-of", "03/04"],
        ["check", "--format", "nagios", "--exit-zero"],
        ["check", "--format", "nagios", "--remind", "28"],
        ["check", "--format", "nagios", "--remind", "usual"],
        ["check", "--format", "nagios", "--output", "no/such/folder"],
        ["check", "--format", "nagios", "unasked"],
        ["check", "--format", "nagios", "--as-of", "2020-01-01"],
        ["check", "--format", "nagios", "--body", "a|b\nc"],
    ],
    ids=" ".join,
)
def test_nagios_unknown(sound: Soc, arguments: list[str]) -> None:
    """Whatever stops an answer is "unknown" in one line, with code 3 and nothing on stderr."""
    plugin = probe(sound, *arguments, code=3)
    assert plugin.state == "UNKNOWN"
    assert plugin.performance == {}
    assert "nothing needs attention" not in plugin.said


def test_nagios_help_is_no_answer(sound: Soc) -> None:
    """Help that is asked for by mistake does not read as "all is well"."""
    assert "Usage" in sound("check", "--format", "nagios", "--help", code=3).out


def test_nagios_of_a_bad_register(soc: Soc) -> None:
    """A faulty, empty or unreadable register is unknown, and says what to type."""
    soc.write(SOUND.replace('part_of = "cause"', 'part_of = "clause"'))
    said = probe(soc, "check", "--format", "nagios", code=3).said
    assert "recommendations.toml has 2 faults, so nothing can be said from it" in said
    assert "from it: recommendations.toml:54: " in said
    assert "socwatch validate" in said
    assert "clause" in said
    assert "listed above" not in said
    for content in ("format = 1\n", "", "\x00", "format = 99\n"):
        soc.write(content)
        probe(soc, "check", "--format", "nagios", code=3)


def test_nagios_of_a_fault_of_its_own(sound: Soc) -> None:
    """Even a defect of socwatch reads as unknown: a traceback's own code would be a warning."""
    code = (
        "import sys, socwatch.cli.session as s; s.load = None; import socwatch.cli;"
        "sys.exit(socwatch.cli.run(sys.argv[1:]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "check", "--format", "nagios"],
        cwd=sound.folder, env=bare_environment(), capture_output=True, text=True, check=False,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert "TypeError" in read_plugin(ended.stdout, ended.returncode).said
    assert ended.returncode == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "nagios"], 4),
        (["check", "--owner", "nagios"], 4),
        (["check", "--inspection", "nagios"], 4),
        (["check", "--owner", "nagios", "--bogus"], 2),
        (["check", "--owner", "-fnagios", "--bogus"], 2),
        (["check", "--owner=nagios", "--bogus"], 2),
        (["check", "--frmat", "nagios"], 2),
        (["check", "--format", "nagios", "--format", "json", "--bogus"], 2),
        (["check", "nagios"], 2),
        (["check", "--", "--format", "nagios"], 2),
        (["list", "--format", "nagios"], 2),
        (["list", "--text", "check", "--format", "nagios"], 2),
        (["chek", "--format", "nagios"], 2),
        (["--format", "nagios"], 2),
        (["--records", "check", "list", "--text", "nagios"], 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_the_word_nagios_elsewhere(sound: Soc, arguments: list[str], code: int) -> None:
    """Where the word is not the format of `check`, errors are those of every command."""
    ran = sound(*arguments, code=code)
    assert ran.err.startswith("socwatch: ")
    assert ran.out == ""


def test_nagios_with_hostile_text(hostile: Soc) -> None:
    """No text of a register begins the figures or a line of its own."""
    plugin = probe(hostile, *LATE, "--format", "nagios", code=2)
    assert plugin.performance["overdue"] == len(HOSTILE)


# --------------------------------------------------------------------------------------- prometheus


def metrics(text: str) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """The samples of each metric as Prometheus' own client reads them, by their labels."""
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation
        samples = {tuple(sorted(s.labels.items())): s.value for s in family.samples}
        assert len(samples) == len(family.samples)
        assert all(sample.timestamp is None for sample in family.samples)
        found[family.name] = samples
    return found


def test_prometheus(sound: Soc) -> None:
    """Each reason has its figure, also where it is 0; each running deadline has its days."""
    file = sound.folder / "socwatch.prom"
    before = int(datetime.now(UTC).timestamp())
    sound(*LATE, "--body", "norfolk", "--format", "prometheus", "--output", file)
    after = datetime.now(UTC).timestamp()
    found = metrics(file.read_text())
    register = str(sound.folder / "recommendations.toml")
    about = (("choice", "body=norfolk"), ("register", register))
    attention = {dict(labels)["matter"]: value for labels, value in
                 found["socwatch_attention"].items()}  # fmt: skip
    assert attention == {
        "overdue": 1, "due": 0, "awaiting-sign-off": 0, "no-response": 0, "response-due": 0,
        "stale": 0, "evidence": 0, "copy": 0,
    }  # fmt: skip
    days = {dict(labels)["id"]: value for labels, value in found["socwatch_days_left"].items()}
    assert days == {"r1": -1, "r2@norfolk": 88}
    assert found["socwatch_watched"] == {about: 3}
    assert before <= found["socwatch_last_success_timestamp_seconds"][about] <= after


def test_prometheus_tells_files_apart(sound: Soc) -> None:
    """Thresholds belong to the choice, and a register has one name from every folder."""
    lines: dict[str, list[str]] = {
        "": [],
        "within=7 within=28": ["--within", "28", "--within", "7"],
        "body=norfolk within=0 awaiting-sign-off=0": [
            "--body", "norfolk", "--within", "0", "--awaiting-sign-off", "0",
        ],
        "stale-after=90 check-evidence=True": ["--stale-after", "90", "--check-evidence"],
    }  # fmt: skip
    whole = str(sound.folder / "recommendations.toml")
    for choice, options in lines.items():
        for named in ("recommendations.toml", whole, f"../{sound.folder.name}/{Path(whole).name}"):
            line = (*LATE, "--records", named, "-f", "prometheus", *options)
            (labels,) = metrics(sound(*line).out)["socwatch_watched"]
            assert dict(labels) == {"choice": choice, "register": whole}


def test_prometheus_keeps_the_last_good_answer(sound: Soc) -> None:
    """A broken register leaves the file, whose time of last success then grows old."""
    file = sound.folder / "socwatch.prom"
    sound(*LATE, "--output", file)
    kept = file.read_bytes()
    sound.write("format = 1\n[[findings]]\n")
    sound(*LATE, "--output", file, code=3)
    assert file.read_bytes() == kept


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_prometheus_with_hostile_text(hostile: Soc, encoding: str) -> None:
    """Labels hold hostile text as it is, and in an encoding that lacks it the form still holds."""
    out = hostile(*LATE, "-f", "prometheus", environment={"PYTHONIOENCODING": encoding}).out
    found = metrics(out)["socwatch_days_left"]
    owners = {dict(labels)["id"]: dict(labels)["owner"] for labels in found}
    assert owners.keys() == HOSTILE.keys()
    assert owners["quotes"] == SAID["quotes"] or encoding == "ascii"
    assert owners["backslashes"] == SAID["backslashes"]
    assert out.isascii() == (encoding == "ascii")
