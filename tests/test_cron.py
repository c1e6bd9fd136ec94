"""`check` as machines call it: the recipes of docs/cron.md, and what --print-schedule prints.

The recipes stand in the page with paths of an imagined machine; here they get real ones.
"""

from __future__ import annotations

import email
import email.policy
import http.server
import os
import re
import shlex
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from conftest import ROOT, TIMEOUT, Soc, bare_environment
from registers import SMALL, update
from transcripts import fenced

PAGE = (ROOT / "docs" / "cron.md").read_text(encoding="utf-8")
SOCWATCH = "/opt/socwatch/bin/socwatch"
REGISTER = "/srv/soc/recommendations.toml"

NEWS = SMALL + update(1, "r1", "assign", "2024-06-01", 'owner = "A. Officer"') + update(
    2, "r2", "assign", "2024-06-01", 'body = "norfolk"', 'owner = "B. Officer"'
)  # fmt: skip
"""Two items of two owners, past their deadlines on whatever day a test is run."""
QUIET = re.sub(r"(?m)^(deadline|local_policing_body).*\n", "", NEWS)
"""The same where nothing is ever late."""
BROKEN = SMALL.replace("summary", "sumary")
NASTY = """50% of "it's" $HOME.toml"""


def blocks(language: str) -> list[str]:
    """The recipes of the page in one language."""
    found = fenced(PAGE, language)
    assert found
    return found


def here(recipe: str, register: Path) -> str:
    """A recipe with the socwatch and the register of this test."""
    assert SOCWATCH in recipe
    return recipe.replace(SOCWATCH, f"{sys.executable} -m socwatch").replace(
        REGISTER, shlex.quote(str(register))
    )


# Cron itself

Mailed = Callable[..., list[EmailMessage]]


@pytest.fixture
def mailed(tmp_path: Path, program: Callable[[str], str]) -> Mailed:
    """Debian's cron, run on a crontab whose jobs are due at once, and the mails that it sends."""
    if os.geteuid() != 0:
        pytest.skip("needs to be root: cron does")
    programs = [program(name) for name in ("unshare", "mount", "cron", "crontab")]
    if subprocess.run([programs[0], "--mount", "true"], check=False, timeout=TIMEOUT).returncode:
        pytest.skip("needs a namespace of its own, which this machine does not allow")

    def run(crontab: str, jobs: int, *more: str) -> list[EmailMessage]:
        folder = tmp_path / f"cron-{len(list(tmp_path.glob('cron-*')))}"
        folder.mkdir()
        settings = (f"SHELL={folder}/shell", f"HOME={folder}", *more)
        (folder / "crontab").write_text("\n".join((*settings, crontab)), encoding="utf-8")
        ended = subprocess.run(
            [
                *(programs[0], "--mount", "--pid", "--fork", "--kill-child", "--"),
                *(sys.executable, Path(__file__).with_name("under_cron.py"), folder, str(jobs)),
            ],
            env={**bare_environment(), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
        )
        assert ended.returncode == 0, ended.stderr.decode()
        mails = [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in (folder / "mail").iterdir()
        ]
        return sorted(mails, key=str)

    return run


def at_once(crontab: str) -> str:
    """A crontab whose lines are due when cron starts, and not at their times."""
    changed, lines = re.subn(r"(?m)^(?:[\d*/]+ ){5}(?=\S)", "@reboot ", crontab)
    assert lines == crontab.count("socwatch check")
    return changed


def installed(soc: Soc, *arguments: str | Path, register: str = NEWS, name: str = NASTY) -> str:
    """The crontab that --print-schedule prints for a register."""
    path = soc.write(register, name)
    return soc("check", "--records", path, *arguments, "--print-schedule", "cron").out


def test_a_printed_line_is_one_that_cron_takes_and_mails(soc: Soc, mailed: Mailed) -> None:
    """The line as it is printed is taken by crontab; cron runs it and mails the news to its owner.

    So it is for a register whose name has all that shells and crontabs give a meaning to.
    """
    printed = installed(soc)
    assert "30 6 * * * /" in printed
    assert 'CONTENT_TYPE="text/plain; charset=utf-8"' in printed
    assert r"50\% of" in printed
    assert mailed(printed, 0) == []
    (mail,) = mailed(at_once(printed), 1)
    (addressee,) = re.findall(r'^MAILTO="(.*)"$', printed, re.MULTILINE)
    assert mail["To"] == addressee
    text = mail.get_content()
    assert "r1" in text
    assert "no completion on record" in text
    assert "Traceback" not in text
    assert (soc.folder / NASTY).read_text() == NEWS


def test_cron_mails_news_and_faults_and_nothing_else(soc: Soc, mailed: Mailed) -> None:
    """Where nothing is late there is no mail; a register that breaks later is told by mail."""
    quiet = installed(soc, register=QUIET, name="quiet.toml")
    broken = installed(soc, register=QUIET, name="broken.toml")
    soc.write(BROKEN, "broken.toml")
    missing = installed(soc, register=QUIET, name="missing.toml")
    (soc.folder / "missing.toml").unlink()
    mails = mailed(at_once(quiet + broken + missing), 3)
    told = {next(name for name in ("quiet", "broken", "missing") if name in mail["Subject"]): mail
            for mail in mails}  # fmt: skip
    assert set(told) == {"broken", "missing"}
    assert "unknown-field" in told["broken"].get_content()
    assert "does not exist" in told["missing"].get_content()


def test_remind_reports_the_same_news_once(soc: Soc, mailed: Mailed) -> None:
    """Of two runs on a day by the printed line, the first speaks and the second is silent."""
    (line,) = (each for each in installed(soc).splitlines() if "check" in each)
    command = line.removeprefix("30 6 * * * ")
    (mail,) = mailed(f"@reboot {command}; echo again; {command}\n", 1)
    before, again, after = mail.get_content().partition("again\n")
    assert "no completion on record" in before
    assert again
    assert after == ""


def test_recipes_for_crontab(soc: Soc, mailed: Mailed) -> None:
    """Each crontab of the page is taken as it stands; cron runs it and mails whom it names."""
    register = soc.write(NEWS)
    output = soc.folder / "socwatch.prom"
    addressed = {}
    for block in blocks("crontab"):
        assert mailed(block, 0) == []
        crontab = here(block, register).replace("/var/lib/node_exporter/socwatch.prom", str(output))
        for mail in mailed(at_once(crontab), crontab.count("socwatch check")):
            addressed[mail["To"]] = mail.get_content()
    assert set(addressed) == {
        "liaison@example.org", "a.officer@example.org", "b.officer@example.org",
    }  # fmt: skip
    assert "r1" in addressed["liaison@example.org"]
    assert "r1" in addressed["a.officer@example.org"]
    assert "r2@norfolk" not in addressed["a.officer@example.org"]
    assert "r2@norfolk" in addressed["b.officer@example.org"]
    assert "socwatch_attention" in output.read_text()


# What --print-schedule prints


def units(text: str) -> dict[str, str]:
    """The files of a printed service and timer, by name."""
    parts = re.split(r"^# ~/\.config/systemd/user/(\S+)\n", text, flags=re.MULTILINE)
    assert parts[0] == ""
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_printed_units_hold(soc: Soc, program: Callable[[str], str]) -> None:
    """There is no fault for systemd in the service and its timer, but in a spoilt service."""
    analyze = program("systemd-analyze")
    path = soc.write(NEWS, NASTY)
    written = units(soc("check", "--records", path, "--print-schedule", "systemd").out)
    assert set(written) == {"socwatch-check.service", "socwatch-check.timer"}
    for name, text in written.items():
        (soc.folder / name).write_text(text)

    def verified() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [analyze, "verify", *(soc.folder / name for name in written)],
            env={**bare_environment(), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=False,
            text=True,
            timeout=TIMEOUT,
        )

    assert (verified().returncode, verified().stderr) == (0, "")
    service = written["socwatch-check.service"]
    (soc.folder / "socwatch-check.service").write_text(service.replace("oneshot", "oneshoot"))
    assert "oneshoot" in verified().stderr
    timer = written["socwatch-check.timer"]
    assert "Persistent=true" in timer
    (when,) = re.findall(r"^OnCalendar=(.*)$", timer, re.MULTILINE)
    told = subprocess.run(
        [analyze, "calendar", "--base-time=2026-03-28 12:00 UTC", "--iterations=1", when],
        env={**bare_environment(), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert "2026-03-29 05:30:00 UTC" in told  # half past six of the first day of summer time


def test_a_printed_service_names_the_register(soc: Soc) -> None:
    """A service's words read back, by systemd's rules of quoting, are those of the call."""
    path = soc.write(NEWS, NASTY)
    text = soc("check", "--records", path, "--body", "norfolk", "--print-schedule", "systemd").out
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert line.startswith(":/")  # no variables: the name has a dollar
    assert "/50%% of " in line  # one alone would stand for something of systemd's
    words = shlex.split(line[1:].replace("%%", "%"))
    assert words[-4:] == ["check", f"--records={path}", "--body=norfolk", "--remind=usual"]
    assert Path(words[0]).is_absolute()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "--remind=usual"),
        (("--within", "28", "--within", "7"), "--within=28 --within=7 --remind=28,7,0,-1,-7,-30"),
        (("--remind", "7,-7"), "--remind=7,-7"),
        (("--format", "nagios"), "--format=nagios"),
        (
            ("--body", "norfolk", "--check-evidence", "--group-by", "owner"),
            "--body=norfolk --check-evidence --group-by=owner --remind=usual",
        ),
    ],
    ids=["alone", "several", "reminders", "format", "filters"],
)  # fmt: skip
def test_the_options_of_the_call_are_those_of_the_line(
    soc: Soc, arguments: tuple[str, ...], line: str
) -> None:
    """The line has the options of the call; where none says how often, only news is told."""
    soc.write(NEWS)
    printed = soc("check", *arguments, "--print-schedule", "cron").out
    words = shlex.split(printed.splitlines()[-1])
    assert words[:5] == ["30", "6", "*", "*", "*"]
    assert words.index("check") == len(words) - len(line.split()) - 2
    assert words[words.index("check") + 1] == f"--records={soc.folder}/recommendations.toml"
    assert words[words.index("check") + 2 :] == line.split()
    assert os.access(words[5], os.X_OK)
    assert "--print-schedule" not in printed.splitlines()[-1]


def test_what_cron_would_mail_is_said(soc: Soc) -> None:
    """The comment above the line says what cron will mail of this very call."""
    soc.write(NEWS)
    usual = soc("check", "--print-schedule", "cron").out
    assert "# Cron emails what is printed; on most days that is nothing.\n" in usual
    nagios = soc("check", "--print-schedule", "cron", "--format", "nagios").out
    assert "with this format, something every day" in nagios
    assert "on most days" not in nagios
    file = soc("check", "--print-schedule", "cron", "--output", "said.txt").out
    assert (
        "# Cron emails errors only; the report is written to the file given by --output.\n" in file
    )


def test_a_file_to_write_is_named_by_its_whole_path(soc: Soc) -> None:
    """A relative --output means the folder of the call, not that of cron."""
    soc.write(NEWS)
    printed = soc("check", "--output", "due.json", "--print-schedule", "cron").out
    assert f"--output={soc.folder}/due.json" in printed
    assert not (soc.folder / "due.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--print-schedule", "anacron"), 2, "--print-schedule cannot be 'anacron'"),
        (("--print-schedule", "cron", "--as-of", "2026-11-22"), 2, "--as-of would make every run"),
        (("--print-schedule", "cron", "--remind", "daily"), 2, "value for --remind: 'daily'"),
        (("--print-schedule", "cron", "--format", "yaml"), 2, "--format cannot be 'yaml'"),
        (("--print-schedule", "cron", "--body", "nowhere"), 4, "there is no body 'nowhere'"),
        (("--print-schedule", "cron", "--records", "none.toml"), 3, "none.toml does not exist"),
        (("--print-schedule", "cron", "--records", "a\\b.toml"), 2, "cannot be written safely"),
        (("--print-schedule", "systemd", "--records", "a\nb.toml"), 2, "cannot be written safely"),
    ],
)
def test_what_could_not_run_is_not_printed(
    soc: Soc, arguments: tuple[str, ...], code: int, message: str
) -> None:
    """What `check` would refuse each morning is refused now, and so is an unsafe name."""
    for name in ("recommendations.toml", "a\\b.toml", "a\nb.toml"):
        soc.write(NEWS, name)
    ran = soc("check", *arguments, code=code)
    assert message in ran.err
    assert ran.out == ""


def test_nothing_is_installed(soc: Soc) -> None:
    """Nothing is written anywhere, and no last run is kept."""
    soc.write(NEWS)
    home = soc.folder / "home"
    home.mkdir()
    environment = {"HOME": str(home)}
    for scheduler in ("cron", "systemd"):
        for options in ([], ["--format", "json"], ["--output", "news.txt"], ["--remind", "usual"]):
            ran = soc("check", "--print-schedule", scheduler, *options, environment=environment)
            assert "check --records=" in ran.out
            assert "past" not in ran.out
    assert list(home.iterdir()) == []
    assert {path.name for path in soc.folder.iterdir()} == {"recommendations.toml", "home"}


# Monitoring

PERFORMANCE = (
    r"(?:'[^=']+'|[^=' ]+)=-?[0-9.]+(?:us|ms|s|%|[KMGT]?B|c)?"
    r"(?:;(?:[0-9.]*:?[0-9.]*|@[0-9.:]+|~:[0-9.]*)?){0,2}(?:;-?[0-9.]*){0,2}"
)
PLUGIN = re.compile(
    rf"(\w+) (OK|WARNING|CRITICAL|UNKNOWN)[^|\n]*(?:\| ?({PERFORMANCE}(?: {PERFORMANCE})*))?\n"
)
"""One line of a plugin: what it is, the state, words, a bar, label=value;warn;crit;min;max."""
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


def probe(command: str, folder: Path) -> re.Match[str]:
    """The one line that a probe prints, parsed; its state is its exit code's."""
    ended = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=bare_environment(),
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT,
    )
    found = PLUGIN.fullmatch(ended.stdout)
    assert found is not None, ended.stdout
    assert STATES[ended.returncode] == found[2]
    return found


def test_recipe_for_nagios(soc: Soc) -> None:
    """The NRPE line gives one line of the plugins' form and their codes, 3 for any failure."""
    (block,) = blocks("nrpe")
    command = here(block, soc.write(NEWS)).partition("=")[2].strip()
    found = probe(command, soc.folder)
    assert found[2] == "CRITICAL"
    assert re.search(r"\boverdue=3;", found[3])
    soc.write(QUIET)
    assert probe(command, soc.folder)[2] == "OK"
    assert probe(f"{command} --witihn=3", soc.folder)[2] == "UNKNOWN"
    soc.write(BROKEN)
    assert probe(command, soc.folder)[2] == "UNKNOWN"


def test_recipe_for_icinga(soc: Soc) -> None:
    """The CheckCommand's words, put together as Icinga does, make a call that answers."""
    (block,) = blocks("icinga2")
    assert block.count("{") == block.count("}")
    words = re.findall(r'"([^"]*)"', block.partition("command = [")[2].partition("]")[0])
    options = re.findall(r'"(--[a-z-]+)" =', block)
    assert options == ["--records", "--within"]
    typed = [*words, options[0], str(soc.write(NEWS)), options[1], "28", options[1], "7"]
    command = shlex.join(typed).replace(SOCWATCH, f"{sys.executable} -m socwatch")
    assert probe(command, soc.folder)[2] == "CRITICAL"


def metrics(text: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    """What the official client reads in a text of metrics."""
    return {
        family.name: [(sample.labels, sample.value) for sample in family.samples]
        for family in text_string_to_metric_families(text)
    }


def test_recipe_for_prometheus(soc: Soc) -> None:
    """The line writes a file that the client's parser reads; a broken register leaves it be."""
    register, output = soc.write(NEWS, 'a "b" \\ c.toml'), soc.folder / "socwatch.prom"
    (line,) = (
        each for block in blocks("crontab") for each in block.splitlines() if "prometheus" in each
    )
    command = here(line, register).removeprefix("*/15 * * * * ")
    command = command.replace("/var/lib/node_exporter/socwatch.prom", str(output))
    called = subprocess.run(
        ["sh", "-c", command],
        env=bare_environment(),
        capture_output=True,
        check=True,
        timeout=TIMEOUT,
    )
    assert called.stdout + called.stderr == b""
    read = metrics(output.read_text(encoding="utf-8"))
    by_matter = {labels["matter"]: value for labels, value in read["socwatch_attention"]}
    assert by_matter["overdue"] == 3
    assert {labels["register"] for labels, _ in read["socwatch_attention"]} == {str(register)}
    assert not any(name.endswith("_created") for name in read)
    before = output.read_bytes()
    register.write_text(BROKEN)
    failed = subprocess.run(
        ["sh", "-c", command],
        env=bare_environment(),
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert failed.returncode == 3
    assert b"unknown-field" in failed.stderr
    assert output.read_bytes() == before


def test_rules_for_prometheus_name_metrics_that_there_are(soc: Soc) -> None:
    """Each rule of the page is about a metric and labels that `check` gives."""
    rules = next(
        loaded["groups"][0]["rules"]
        for loaded in map(yaml.safe_load, blocks("yaml"))
        if "groups" in loaded
    )
    soc.write(NEWS)
    read = metrics(soc("check", "--format", "prometheus").out)
    assert len(rules) == 2
    for rule in rules:
        (name,) = re.findall(r"socwatch_\w+", rule["expr"])
        assert name in read
        for label, value in re.findall(r'(\w+)="([^"]*)"', rule["expr"]):
            assert any(labels[label] == value for labels, _ in read[name])


# Scripts


def script(soc: Soc, name: str, **replaced: str) -> Path:
    """A script of the page, by the word that its first comment begins with."""
    (text,) = (block for block in blocks("shell") if f"# {name}:" in block)
    text = here(text, soc.folder / "recommendations.toml")
    for old, new in replaced.items():
        assert old in text or "/" in old
        text = text.replace(old, new)
    path = soc.folder / name
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_recipe_for_a_mail_of_ones_own(soc: Soc) -> None:
    """The script sends one mail where there is news or a fault, and none where there is not."""
    sent = soc.folder / "sent"
    sendmail = soc.folder / "sendmail"
    sendmail.write_text(f'#!/bin/sh\ncat >"{sent}"\n')
    sendmail.chmod(0o755)
    path = script(soc, "check-and-mail", **{"/usr/sbin/sendmail": str(sendmail)})

    def run() -> EmailMessage | None:
        sent.unlink(missing_ok=True)
        subprocess.run([path], env=bare_environment(), check=True, timeout=TIMEOUT)
        if not sent.exists():
            return None
        found = email.message_from_bytes(sent.read_bytes(), policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    soc.write(NEWS)
    mail = run()
    assert mail is not None
    assert mail["To"] == "a.officer@example.org"
    assert "r1" in mail.get_content()
    assert "r2" not in mail.get_content()
    soc.write(QUIET)
    assert run() is None
    soc.write(BROKEN)
    fault = run()
    assert fault is not None
    assert fault["Subject"] == "Deadlines of A. Officer (code 3)"
    assert "unknown-field" in fault.get_content()


class _Pings(http.server.BaseHTTPRequestHandler):
    paths: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Keep the path, and answer."""
        self.paths.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:  # noqa: ANN401  # http.server's own
        """Say nothing."""


@pytest.fixture
def pings(program: Callable[[str], str]) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the paths that curl asked it for."""
    program("curl")
    _Pings.paths.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pings) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", _Pings.paths
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("register", "code", "path"),
    [(NEWS, 1, "/your-uuid"), (QUIET, 0, "/your-uuid"), (BROKEN, 3, "/your-uuid/fail")],
    ids=["news", "quiet", "broken"],
)
def test_recipe_for_a_ping(
    soc: Soc, pings: tuple[str, list[str]], register: str, code: int, path: str
) -> None:
    """The script pings in success and news alike, /fail where nothing can be said; codes stay."""
    address, asked = pings
    soc.write(register)
    ended = subprocess.run(
        [script(soc, "check-and-ping", **{"https://hc-ping.com": address})],
        env={**bare_environment(), "HOME": str(soc.folder)},
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT,
    )
    assert ended.returncode == code
    assert asked == [path]
    assert ("no completion on record" in ended.stdout) == (register is NEWS)
    assert ("unknown-field" in ended.stderr) == (register is BROKEN)


def test_recipe_for_github(soc: Soc) -> None:
    """The workflow's own steps annotate faults of the register, and fail if there are alerts."""
    workflow = next(loaded for loaded in map(yaml.safe_load, blocks("yaml")) if "jobs" in loaded)
    steps = [step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step]
    assert steps[0] == "pip install ."
    soc.write(NEWS)
    validate, check = (shlex.split(step)[1:] for step in steps[1:])
    assert soc(*validate).out == ""
    assert "r1" in soc(*check, code=1).out
    register = soc.write(BROKEN)
    annotations = re.findall(
        r"(?m)^::error file=(.*?),line=(\d+),.*title=.*::\S.*$",
        soc(*validate, code=3, environment={"GITHUB_WORKSPACE": str(soc.folder)}).out,
    )
    lines = register.read_text().splitlines()
    assert annotations
    assert all("sumary" in lines[int(line) - 1] for _, line in annotations if "sumary" in line)
    assert {file for file, _ in annotations} == {"recommendations.toml"}
    assert soc(*check, code=3).out == ""
