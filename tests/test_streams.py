"""Pipes, encodings and surroundings: an answer needs no locale, terminal, home or time zone."""

from __future__ import annotations

import array
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import AS_OF, TIMEOUT, Ran, Soc, bare_environment, shell_command
from generated import register_text
from registers import SMALL

BIG = 3000
"""Findings whose answers fill the buffer of a pipe many times over."""


def shell(soc: Soc, line: str, *, cold: bool = False) -> Ran:
    """What a line of shell prints, `$soc` in it being the command."""
    ended = subprocess.run(
        ["bash", "-c", line],
        cwd=soc.folder,
        env={**bare_environment(), "soc": shell_command(cold=cold)},
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    return Ran(ended.stdout.decode(), ended.stderr.decode(), ended.returncode)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Soc:
    """The command beside a register of thousands of findings."""
    soc = Soc(tmp_path_factory.mktemp("big"))
    soc.write(register_text(BIG))
    return soc


# -------------------------------------------------------------------------------------------- pipes


@pytest.mark.parametrize("form", ["plain", "json"])
def test_reader_that_goes_away(big: Soc, form: str) -> None:
    """`| head -1` ends quietly with code 0, however much was still to come."""
    ran = shell(big, f"$soc list --as-of {AS_OF} -f {form} | head -1; echo ${{PIPESTATUS[*]}}")
    assert ran.out.splitlines()[1:] == ["0 0"]
    assert ran.err == ""


def test_nothing_is_cut_in_a_pipe(big: Soc) -> None:
    """A pipe gets every item, and its sentences whole, whatever COLUMNS says."""
    wide = big("list", "--as-of", AS_OF, environment={"COLUMNS": "20"}).out
    count = int(wide.split(" ", 1)[0].replace(",", ""))
    assert count >= BIG
    assert len(wide.splitlines()) == count + 4  # the heading's two lines, a blank, the headings
    assert "…" not in wide


def test_closed_pipe_for_help(small: Soc) -> None:
    """Help whose reader is gone before it is written ends as quietly as an answer does."""
    for arguments in (["--help"], ["list", "--help"], ["--show-completion", "bash"], ["status"]):
        read, write = os.pipe()
        os.close(read)
        ended = subprocess.run(
            [sys.executable, "-m", "socwatch", *arguments],
            cwd=small.folder, env=bare_environment(), stdout=write, stderr=subprocess.PIPE,
            check=False, timeout=TIMEOUT,
        )  # fmt: skip
        os.close(write)
        assert (arguments, ended.returncode, ended.stderr) == (arguments, 0, b"")


def test_closed_stdout(small: Soc) -> None:
    """Where stdout, or all three streams, are closed there is nobody to tell, and no noise."""
    for closed in (">&-", "<&- >&-", "<&- >&- 2>&-"):
        for arguments in ("status", "list -f json", "--version"):
            ran = shell(small, f"$soc {arguments} {closed}", cold=True)  # Python finds them closed
            assert (ran.code, ran.out, ran.err) == (0, "", "")
    wrong = shell(small, "$soc show nowhere >&- 2>&-", cold=True)
    assert (wrong.code, wrong.out, wrong.err) == (4, "", "")
    register = (small.folder / "recommendations.toml").read_text()
    assert register == SMALL


def test_full_disk(small: Soc) -> None:
    """An answer that cannot be printed is code 5 with one error, help and version included."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    for arguments in ("status", "list -f json", "--version", "--help", "why --help", ""):
        ran = shell(small, f"$soc {arguments} > /dev/full")
        assert "Traceback" not in ran.err
        assert (arguments, ran.code) == (arguments, 5)
        assert ran.err.splitlines() == [
            "socwatch: the answer cannot be printed: No space left on device",
            "  make room, or name another file",
        ]
    silent = shell(small, "$soc show nowhere 2> /dev/full")
    assert (silent.code, silent.out) == (4, "")


# ---------------------------------------------------------------------------------------- encodings


TALKATIVE = SMALL.replace("What inspectors said", "Zoë’s “report” — £5 …").replace(
    "Employ enough analysts.", "Ask the 漢字 desk in Besançon."
)


@pytest.mark.parametrize(
    ("environment", "shown", "hidden"),
    [
        (
            {"PYTHONIOENCODING": "ascii"},
            ("Besan\\xe7on", "\\u6f22", '"report" - GBP 5 ...'),
            ("—",),
        ),
        ({"PYTHONIOENCODING": "cp1252"}, ("Besançon", "\\u6f22", "Zoë"), ("\\xe7",)),
        ({"PYTHONIOENCODING": "latin-1"}, ("Besançon", "\\u6f22", "Zoë"), ("\\xe7",)),
        ({"LC_ALL": "C"}, ("Besan",), ("Traceback",)),
        ({"PYTHONIOENCODING": "utf-8"}, ("Besançon", "漢字", "“report” — £5 …"), ("\\u",)),
    ],
    ids=["ascii", "cp1252", "latin-1", "C", "utf-8"],
)
def test_encodings(
    soc: Soc, environment: dict[str, str], shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    """What an encoding lacks is shown by its number, dashes and quotes in ASCII."""
    soc.write(TALKATIVE)
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "socwatch", "show", "r1", "--as-of", AS_OF],
        cwd=soc.folder, env={**bare_environment(), **environment}, capture_output=True, check=False,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    out = ended.stdout.decode(encoding)
    for words in shown:
        assert words in out
    for words in hidden:
        assert words not in out
    assert "690 days past" in out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_errors_and_tables_in_poor_encodings(soc: Soc, encoding: str) -> None:
    """Errors, help and a screen's rules need no Unicode either."""
    soc.write(TALKATIVE)
    poor = {"PYTHONIOENCODING": encoding}
    table = soc("status", "--as-of", AS_OF, "-f", "table", environment=poor).out
    assert "-----" in table
    assert "\\u2500" not in table
    error = soc("show", "漢字—Zoë", code=4, environment=poor)
    assert "there is no finding" in error.err
    assert "\\u6f22" in error.err
    assert "+- Options" in soc("list", "--help", environment=poor).out
    parsed = json.loads(soc("list", "--as-of", AS_OF, "-f", "json", environment=poor).out)
    assert parsed["rows"][1]["summary"] == "Ask the 漢字 desk in Besançon."


# ------------------------------------------------------------------------------------- surroundings


def test_time_zones(small: Soc) -> None:
    """The same question has the same answer in every zone, and with no zones on the machine."""
    question = ("status", "--as-of", AS_OF, "--recorded-until", AS_OF, "--format", "json")
    answers = {
        small(*question, environment=environment).out
        for environment in (
            {},
            {"TZ": "UTC"},
            {"TZ": "Pacific/Kiritimati"},
            {"TZ": "America/Los_Angeles"},
            {"PYTHONTZPATH": ""},
        )
    }
    assert len(answers) == 1
    # The answer between two others is of their day too, unless midnight in London fell between.
    zones = ("Pacific/Kiritimati", "Etc/GMT+12", "Pacific/Kiritimati")
    first, between, last = (
        json.loads(small("list", "-f", "json", environment={"TZ": zone}).out)["as_of"]
        for zone in zones
    )
    assert first <= between <= last


def test_bare_surroundings(small: Soc) -> None:
    """With no variable set at all the answer is the same as with a home and a locale."""
    ended = subprocess.run(
        [sys.executable, "-m", "socwatch", "status", "--as-of", AS_OF],
        cwd=small.folder, env={k: v for k, v in bare_environment().items() if k == "PYTHONPATH"},
        capture_output=True, check=False, timeout=TIMEOUT,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    furnished = small(
        "status", "--as-of", AS_OF, environment={"HOME": "/none", "LANG": "tr_TR.UTF-8"}
    )
    assert ended.stdout.decode() == furnished.out
    assert "690 days past" in furnished.out


@pytest.mark.parametrize(
    "environment",
    [{"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb", "FORCE_COLOR": "1"}, {}],
    ids=["NO_COLOR", "dumb", "pipe"],
)
def test_no_colours(small: Soc, environment: dict[str, str]) -> None:
    """NO_COLOR, a dumb terminal and a pipe have no colours, in answers, help and errors alike."""
    for arguments, code in ((["list", "-f", "table"], 0), (["show", "nowhere"], 4)):
        ran = small(*arguments, code=code, environment=environment)
        assert "\x1b" not in ran.out + ran.err
    if not environment:
        assert "\x1b" not in small("--help").out


def test_forced_colours(small: Soc) -> None:
    """FORCE_COLOR gives a table its colours in a pipe, and plain, JSON and CSV none."""
    forced = {"FORCE_COLOR": "1"}
    table = small("status", "--as-of", AS_OF, "-f", "table", environment=forced).out
    assert "\x1b[" in table
    for form in ("plain", "json", "csv", "markdown"):
        assert "\x1b" not in small("status", "-f", form, environment=forced).out


@pytest.mark.parametrize("columns", ["0", "1", "20", "abc", "-3", "10000"])
def test_any_width(small: Soc, columns: str) -> None:
    """Whatever COLUMNS says, a table says everything."""
    out = small("status", "--as-of", AS_OF, "-f", "table", environment={"COLUMNS": columns}).out
    assert "".join(out.split()).count("690dayspast") == 1
    if columns == "20":
        assert max(map(len, out.splitlines())) <= 20


# --------------------------------------------------------------------------- where the register is


def test_nearest_register(soc: Soc) -> None:
    """The register is the nearest up the folders, data/ before the folder itself."""
    soc.write("format = 1\ntitle = 'top'\n")
    soc.write("format = 1\ntitle = 'middle'\n", "a/recommendations.toml")
    soc.write("format = 1\ntitle = 'data of the middle'\n", "a/data/recommendations.toml")
    deep = Soc(soc.folder / "a" / "b" / "c")
    deep.folder.mkdir(parents=True)
    assert deep("status").out.startswith("data of the middle\n")
    assert soc("status").out.startswith("top\n")
    (soc.folder / "a" / "data" / "recommendations.toml").unlink()
    assert deep("status").out.startswith("middle\n")
    (soc.folder / "a" / "recommendations.toml").unlink()
    (soc.folder / "a" / "recommendations.toml").mkdir()  # a folder of that name is no register
    assert deep("status").out.startswith("top\n")


def test_named_register(soc: Soc) -> None:
    """--records after the command goes before --records before it, that before the environment."""
    for name in ("here", "variable", "before", "after"):
        soc.write(f"format = 1\ntitle = '{name}'\n", f"{name}.toml")
    (soc.folder / "here.toml").rename(soc.folder / "recommendations.toml")
    variable = {"SOCWATCH_RECORDS": "variable.toml"}
    before, after = ("--records", "before.toml"), ("--records", "after.toml")
    assert soc("status").out.startswith("here\n")
    assert soc("status", environment={"SOCWATCH_RECORDS": ""}).out.startswith("here\n")
    assert soc("status", environment=variable).out.startswith("variable\n")
    assert soc(*before, "status", environment=variable).out.startswith("before\n")
    assert soc("status", *after, environment=variable).out.startswith("after\n")
    assert soc(*before, "status", *after).out.startswith("after\n")
    gone = soc("status", code=3, environment={"SOCWATCH_RECORDS": "gone.toml"})
    assert "gone.toml does not exist" in gone.err


def test_register_that_cannot_be_read(soc: Soc) -> None:
    """A folder without a register, and a file below a file, are code 3 with the reason."""
    soc.write(SMALL)
    (soc.folder / "empty").mkdir()
    folder = soc("list", "--records", "empty", code=3)
    assert "there is no register in the folder empty" in folder.err
    below = soc("list", "--records", "recommendations.toml/x", code=3)
    assert "recommendations.toml/x" in below.err


def test_what_would_never_end(soc: Soc) -> None:
    """A pipe that nobody writes to, a device and a socket are code 3 at once, with the reason."""
    os.mkfifo(soc.folder / "pipe")
    with socket.socket(socket.AF_UNIX) as here:
        folder = Path.cwd()
        os.chdir(soc.folder)  # the path of a socket may have a hundred letters and no more
        try:
            here.bind("socket")
        finally:
            os.chdir(folder)
    for name, reason in (
        ("pipe", "it is a pipe, and nobody writes to it"),
        ("socket", "No such device or address"),
        ("/dev/zero", "it is a device, and no file"),
        ("/dev/null", "it is a device, and no file"),
    ):
        for command in (("status",), ("validate",), ("done", "r1")):
            ran = soc("--records", name, *command, code=3)
            assert f"{name} cannot be read: {reason}" in ran.err
        soc.write(SMALL)
        evidence = ("note", "r1", "--note", "x", "--evidence", name)
        assert f"the evidence {name} cannot be read" in soc(*evidence, code=2).err
    completing = {"_SOCWATCH_COMPLETE": "complete_bash", "COMP_CWORD": "4"}
    completing["COMP_WORDS"] = "socwatch --records pipe show "
    assert soc(environment=completing).out.strip() == ""


def test_a_look_that_is_stopped(soc: Soc) -> None:
    """Ctrl-C while a register is read ends with 130, and with one word for a person."""
    waiting = subprocess.Popen(
        [sys.executable, "-m", "socwatch", "--records", "/dev/stdin", "status"],
        cwd=soc.folder,
        env=bare_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with waiting:
        pipe = waiting.stdin
        assert pipe is not None
        pipe.write(SMALL.encode())
        pipe.flush()
        while unread(pipe.fileno()):  # what is in the pipe is taken as it is read
            assert waiting.poll() is None
        waiting.send_signal(signal.SIGINT)
        pipe.close()
        out, err = waiting.stdout, waiting.stderr
        assert out is not None
        assert err is not None
        told = b"socwatch: stopped; nothing was recorded\n"
        assert (waiting.wait(), out.read(), err.read()) == (130, b"", told)


def unread(pipe: int) -> int:
    """How many bytes wait in a pipe."""
    held = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, held)
    return held[0]


def test_a_register_out_of_a_pipe(soc: Soc) -> None:
    """A register can come out of a pipe, also of one whose writer takes its time."""
    soc.write(SMALL, "r.toml")
    for line in (
        "cat r.toml | $soc --records /dev/stdin validate",
        "$soc --records /dev/stdin validate < r.toml",
        "$soc --records <($soc --help >/dev/null; $soc --help >/dev/null; cat r.toml) validate",
    ):
        ran = shell(soc, line, cold=True)  # a fork is given no pipe but the three streams
        assert (ran.code, ran.err) == (0, "")
        assert "is valid: 4 findings for 3 bodies" in ran.out


def test_permissions(soc: Soc, program: Callable[[str], str]) -> None:
    """A register that may not be read is code 3, a folder that may not be written is code 5."""
    # Permissions bind root only without its capabilities, which a fork has from its server.
    bound = "" if os.geteuid() else f"{program('setpriv')} --bounding-set=-all --inh-caps=-all "
    register = soc.write(SMALL)
    (soc.folder / "locked").mkdir(mode=0o555)
    written = shell(soc, f"{bound}$soc list -o locked/out.csv", cold=True)
    assert (written.code, written.out) == (5, "")
    assert (
        "locked/out.csv cannot be written: no file can be created in its folder (Permission denied)"
        in written.err
    )
    assert "check the folder and its permissions" in written.err
    register.chmod(0)
    for line in (
        "$soc list",
        "$soc list --records recommendations.toml",
        "$soc --records ./recommendations.toml list",
        "SOCWATCH_RECORDS=recommendations.toml $soc list",
        "$soc validate",
        "$soc done r1 --by B",
    ):
        read = shell(soc, line.replace("$soc", f"{bound}$soc"), cold=True)
        assert (line, read.code, read.out) == (line, 3, "")
        assert "recommendations.toml cannot be read: Permission denied" in read.err
        assert "check the file's name and its permissions" in read.err


def test_deleted_folder(soc: Soc) -> None:
    """In a folder that was deleted nothing is found, and a register named whole is read."""
    register = soc.write(SMALL)
    for arguments, code, said in (
        ("status", 3, "there is no register"),
        (f"--records {register} status --as-of {AS_OF}", 0, "690 days past"),
        ("--help", 0, "Usage: socwatch"),
        (f"--records {register} list -o out.csv", 5, "out.csv cannot be written"),
    ):
        folder = soc.folder / "gone"
        folder.mkdir()
        # No fork could be told a folder that is not there.
        ran = shell(soc, f"cd gone && rmdir ../gone && $soc {arguments}", cold=True)
        assert "Traceback" not in ran.err
        assert (arguments, ran.code) == (arguments, code)
        assert said in ran.out + ran.err


def test_no_program_is_needed(small: Soc) -> None:
    """An answer needs nothing that stands in PATH."""
    empty = small.folder / "empty"
    empty.mkdir()
    out = small("status", "--as-of", AS_OF, environment={"PATH": str(empty)}).out
    assert "690 days past" in out
    assert shutil.which("socwatch", path=str(empty)) is None
