"""`edit`: a copy in an editor, checked on return; what is valid takes the register's place."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from conftest import Soc, bare_environment
from people import ACL, access_list
from registers import SMALL, update
from terminal import Terminal

NAME = "recommendations.toml"
GOOD = 'text = text.replace("Norfolk Constabulary", "Norfolk Police")'
BAD = 'text = text.replace("2025-01-01", "2025-13-01")'
AGAIN = """
text = text.replace("2025-13-01", "2025-12-01") if "2025-13" in text else text.replace(
    "2025-01-01", "2025-13-01")
"""


def content(soc: Soc) -> bytes:
    """The register's bytes."""
    return (soc.folder / NAME).read_bytes()


def editor(folder: Path, change: str, name: str = "an-editor") -> Path:
    """A program that does to the file what `change` does to its text, and notes how it was called.

    It stands in a folder of its own, so that only copies stand beside the register.
    """
    place = folder / "bin"
    place.mkdir(exist_ok=True)
    program = place / name
    body = f"""\
        #!{sys.executable}
        import os, sys
        from pathlib import Path
        Path({str(place / "called")!r}).open("a").write("\\n".join(sys.argv[1:]) + "\\n")
        path = Path(sys.argv[-1].partition(".toml:")[0].removesuffix(".toml") + ".toml")
        text = path.read_bytes().decode()
        """
    program.write_text(f"{dedent(body)}{change}\npath.write_bytes(text.encode())\n")
    program.chmod(0o755)
    return program


def called(folder: Path) -> list[str]:
    """The arguments with which the editor was called, all of its calls in a row."""
    return (folder / "bin" / "called").read_text().splitlines()


def copies(folder: Path) -> list[Path]:
    """What stands beside the register, but for its lock."""
    names = {NAME, f".{NAME}.lock", "bin"}
    return sorted(path for path in folder.iterdir() if path.name not in names)


class Editing:
    """`edit` on a terminal, and somebody who answers."""

    def __init__(
        self, soc: Soc, program: Path | str, *arguments: str, environment: Mapping[str, str] = {}
    ) -> None:
        """Begin it, with that editor."""
        self.terminal = Terminal(
            soc.folder,
            "edit",
            *arguments,
            environment={"TERM": "xterm", "VISUAL": str(program), **environment},
        )

    def answer(self, text: str) -> str:
        """What is said before the question what now, which is then answered."""
        before = self.terminal.read_to("e, k or b: ")
        self.terminal.answer(text)
        return before

    def ended(self, code: int = 0) -> str:
        """What is said at the end, with that exit code."""
        said, ended = self.terminal.end()
        assert ended == code, said
        return " ".join(said.split())


def test_a_sound_edit_is_kept(small: Soc) -> None:
    """What the editor leaves takes the register's place, byte for byte, and no copy is left."""
    said = Editing(small, editor(small.folder, GOOD)).ended()
    assert said == f"Saved {NAME}: it is valid."
    expected = SMALL.replace("Norfolk Constabulary", "Norfolk Police")
    assert content(small) == expected.encode()
    assert copies(small.folder) == []


def test_a_copy_is_edited(small: Soc) -> None:
    """The editor is given a copy beside the register: what it does on the way nobody reads."""
    look = f'assert Path({NAME!r}).read_bytes() == text.encode()\ntext += "#"\n'
    Editing(small, editor(small.folder, look)).ended()
    (name,) = called(small.folder)
    assert name.startswith("recommendations.edited-")
    assert name.endswith(".toml")
    assert content(small) == f"{SMALL}#".encode()


def test_who_may_read_it_stays(small: Soc) -> None:
    """The copy that is edited, and then the register, have the access list that it had."""
    if not hasattr(os, "setxattr"):
        pytest.skip("needs extended attributes")
    register, acl = small.folder / NAME, access_list(0o600, [(2, 6, 54321)], 6)
    register.chmod(0o600)
    try:
        os.setxattr(register, ACL, acl)
    except OSError as error:
        pytest.skip(f"needs a file system with access lists: {error}")
    seen = f'assert os.getxattr(path, "{ACL}") == bytes.fromhex("{acl.hex()}")\n'
    Editing(small, editor(small.folder, seen + GOOD)).ended()
    assert b"Norfolk Police" in content(small)
    assert os.getxattr(register, ACL) == acl


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_bytes_are_not_touched(soc: Soc, newline: str) -> None:
    """Marks, line endings and a missing last newline are the editor's business alone."""
    old = b"\xef\xbb\xbf" + SMALL.rstrip("\n").replace("\n", newline).encode()
    (soc.folder / NAME).write_bytes(old)
    Editing(soc, editor(soc.folder, GOOD)).ended()
    assert content(soc) == old.replace(b"Norfolk Constabulary", b"Norfolk Police")


def test_nothing_changed(small: Soc) -> None:
    """Where nothing was changed nothing is written, not even the same again."""
    before = (small.folder / NAME).stat()
    said = Editing(small, editor(small.folder, "")).ended()
    assert said.startswith(f"Nothing was changed in {NAME}.")
    assert "does not wait" in said, "an editor in a window may well be open still"
    after = (small.folder / NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert copies(small.folder) == []


def test_edit_again(small: Soc) -> None:
    """A fault is shown with its line, and the editor opens there once more."""
    editing = Editing(small, editor(small.folder, AGAIN, "vim"))
    shown = editing.answer("e")
    assert "impossible-date" in shown
    assert "deadline = 2025-13-01" in shown
    assert "1 fault" in shown
    assert f"Saved {NAME}" in editing.ended()
    line = SMALL.splitlines().index("deadline = 2025-01-01") + 1
    name, at_line, again = called(small.folder)
    assert at_line == f"+{line}"
    assert name == again
    assert b"deadline = 2025-12-01" in content(small)
    assert copies(small.folder) == []


def test_keep_the_old(small: Soc) -> None:
    """The answer k leaves the register as it was, and nothing of the edit."""
    editing = Editing(small, editor(small.folder, BAD))
    editing.answer("what?")
    editing.answer("K")
    assert "stays as it was; the edits are gone" in editing.ended()
    assert content(small) == SMALL.encode()
    assert copies(small.folder) == []
    assert len(called(small.folder)) == 1


def test_keep_both(small: Soc) -> None:
    """The answer b leaves the register as it was, and the edit in a file whose name is said."""
    editing = Editing(small, editor(small.folder, BAD))
    editing.answer("b")
    said = editing.ended()
    assert content(small) == SMALL.encode()
    (copy,) = copies(small.folder)
    assert copy.name in said
    assert copy.read_text() == SMALL.replace("2025-01-01", "2025-13-01")


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_no_answer(small: Soc, key: str) -> None:
    """Ctrl-C and Ctrl-D at the question lose nothing: the register stays, and so does the edit."""
    editing = Editing(small, editor(small.folder, BAD))
    editing.terminal.read_to("e, k or b: ")
    editing.terminal.type(key)
    said = editing.ended(130)
    (copy,) = copies(small.folder)
    assert f"What you edited is in {copy.name}" in said
    assert content(small) == SMALL.encode()


def test_killed(small: Soc) -> None:
    """After a kill there are the old register and the copy, and the next edit works."""
    editing = Editing(small, editor(small.folder, BAD))
    editing.terminal.read_to("e, k or b: ")
    editing.terminal.kill()
    assert content(small) == SMALL.encode()
    (copy,) = copies(small.folder)
    assert b"2025-13-01" in copy.read_bytes()
    Editing(small, editor(small.folder, GOOD)).ended()
    assert b"Norfolk Police" in content(small)


def test_faults_across_records(small: Soc) -> None:
    """It is checked as `validate` does it: rules across records are among that."""
    gone = "text = text.replace('id = \"paper\"', 'id = \"newspaper\"')"
    editing = Editing(small, editor(small.folder, gone))
    shown = editing.answer("k")
    assert "unknown-source" in shown
    assert "2 faults" in shown
    editing.ended()


def test_a_faulty_register_is_mended(small: Soc) -> None:
    """A register with faults can be edited, and opens at the first of them."""
    small.write(SMALL.replace("2025-01-01", "2025-13-01"))
    mend = 'text = text.replace("2025-13-01", "2025-01-01")'
    assert "it is valid" in Editing(small, editor(small.folder, mend, "nano")).ended()
    line = SMALL.splitlines().index("deadline = 2025-01-01") + 1
    assert called(small.folder)[0] == f"+{line}"
    assert content(small) == SMALL.encode()


def line_above(text: str) -> int:
    """The line on which the record begins whose next line is this."""
    return SMALL.splitlines().index(text)


@pytest.mark.parametrize(
    ("name", "program", "arguments"),
    [
        ("r1", "vim", ["+{line}", "{copy}"]),
        ("R1", "vi", ["+{line}", "{copy}"]),
        ("r1@norfolk", "nano", ["+{line}", "{copy}"]),
        ("r1", "emacs", ["+{line}", "{copy}"]),
        ("r1", "code", ["--wait", "--goto", "{copy}:{line}"]),
        ("r1", "code -w", ["-w", "--goto", "{copy}:{line}"]),
        ("r1", "gvim", ["-f", "+{line}", "{copy}"]),
        ("r1", "nano --mouse", ["--mouse", "+{line}", "{copy}"]),
        ("r1", "unheard-of", ["{copy}"]),
    ],
)
def test_where_it_opens(small: Soc, name: str, program: str, arguments: list[str]) -> None:
    """Each known editor is told the record's line in its own way; others get the file alone."""
    found = editor(small.folder, "", program.partition(" ")[0])
    path = f"{found.parent}{os.pathsep}{os.environ['PATH']}"
    Editing(small, program, name, environment={"PATH": path}).ended()
    got = called(small.folder)
    copy = got[-1].partition(".toml")[0] + ".toml"
    line = line_above('id = "r1"')
    assert got == [argument.format(line=line, copy=copy) for argument in arguments]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("northumb", 'id = "northumbria"'), ("Norfolk", 'id = "norfolk"'), ("soc", 'id = "soc-2024"'),
     ("paper", 'id = "paper"'), ("r2@norf", 'id = "r2"')],
)  # fmt: skip
def test_any_record(small: Soc, typed: str, first: str) -> None:
    """Any record that has an id is found by it, by its beginning, or by another name."""
    said = Editing(small, editor(small.folder, "", "vi"), typed).ended()
    assert said == f"Nothing was changed in {NAME}."
    assert called(small.folder)[0] == f"+{line_above(first)}"


@pytest.mark.parametrize(
    ("typed", "said"), [("norfolc", "did you mean norfolk?"), ("nor", "any of 3"), ("", "")]
)
def test_no_such_record(small: Soc, typed: str, said: str) -> None:
    """A name of nothing, or of several things, opens no editor."""
    told = Editing(small, editor(small.folder, ""), typed).ended(4)
    assert said in told
    assert not (small.folder / "bin" / "called").exists()
    assert copies(small.folder) == []


def test_which_editor(small: Soc) -> None:
    """VISUAL comes before EDITOR, and one that is empty does not count."""
    visual = editor(small.folder, GOOD, "visual")
    other = editor(small.folder, "raise SystemExit(9)", "editor")
    Editing(small, visual, environment={"EDITOR": str(other)}).ended()
    assert b"Norfolk Police" in content(small)
    back = editor(small.folder, 'text = text.replace("Norfolk Police", "Norfolk")', "editor")
    Editing(small, " ", environment={"EDITOR": str(back)}).ended()
    assert b'name = "Norfolk"' in content(small)


def test_usual_editors(small: Soc) -> None:
    """Where neither is set a usual one is taken, and where there is none that is said."""
    path = small.folder / "bin"
    editor(small.folder, GOOD, "vi")
    alone = {"PATH": str(path), "EDITOR": ""}
    Editing(small, "", environment=alone).ended()
    assert b"Norfolk Police" in content(small)
    (path / "vi").unlink()
    assert "there is no editor" in Editing(small, "", environment=alone).ended(5)


@pytest.mark.parametrize(
    ("program", "said"),
    [("not-there", "there is no editor 'not-there', which VISUAL names"),
     ("'open", "VISUAL is no command")],
)  # fmt: skip
def test_no_such_editor(small: Soc, program: str, said: str) -> None:
    """An editor that is not there is named with its variable, and nothing was written."""
    told = Editing(small, program).ended(5)
    assert said in told
    assert "set it to" in told
    assert content(small) == SMALL.encode()
    assert copies(small.folder) == []


def test_an_editor_that_fails(small: Soc) -> None:
    """An error of the editor ends it: nothing was written, and an edit so far is kept."""
    said = Editing(small, editor(small.folder, "raise SystemExit(3)")).ended(5)
    assert "ended with 3; nothing was written" in said
    assert copies(small.folder) == []
    late = 'path.write_text(text + "# more")\nraise SystemExit(3)'
    said = Editing(small, editor(small.folder, late)).ended(5)
    (copy,) = copies(small.folder)
    assert f"what you edited is in {copy.name}" in said
    assert copy.read_text() == f"{SMALL}# more"
    assert content(small) == SMALL.encode()


def test_an_editor_that_cannot_run(small: Soc) -> None:
    """A program that the system cannot start is an error like any other."""
    program = editor(small.folder, "")
    program.write_text("#!/not/there\n")
    assert "cannot be run" in Editing(small, program).ended(5)
    assert copies(small.folder) == []


def test_a_copy_that_is_gone(small: Soc) -> None:
    """Where the editor takes the copy away, the register stays."""
    gone = editor(small.folder, "path.unlink()\nraise SystemExit(0)")
    assert "the edited copy cannot be read" in Editing(small, gone).ended(5)
    assert content(small) == SMALL.encode()


def test_changed_meanwhile(small: Soc) -> None:
    """Where somebody else has written meanwhile both stay: theirs, and the edit beside it."""
    note = f"'{sys.executable}', '-m', 'socwatch', 'note', 'r1', '--note', 'Hello.', '--by', 'B'"
    meanwhile = f"import subprocess\nsubprocess.run([{note}], check=True)\n{GOOD}"
    said = Editing(small, editor(small.folder, meanwhile)).ended(5)
    assert "another program changed recommendations.toml while this command was running" in said
    (copy,) = copies(small.folder)
    assert f"what you edited is in {copy.name}" in said
    assert b"Norfolk Police" in copy.read_bytes()
    assert content(small).startswith(SMALL.encode())
    assert tomllib.loads(content(small).decode())["updates"][0]["note"] == "Hello."


HOLDER = """
import sys
from pathlib import Path
from socwatch.store.lock import hold_lock
with hold_lock(Path(sys.argv[1]), wait=5):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow  # it waits for 10 seconds; test_append.py has the same wait in the default run
def test_another_writer(small: Soc) -> None:
    """While somebody else holds the lock the edit waits beside the register, and is not lost."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, small.folder / NAME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=bare_environment(),
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        said = Editing(small, editor(small.folder, GOOD)).ended(5)
        holder.stdin.close()
    assert f"process {holder.pid}" in said
    (copy,) = copies(small.folder)
    assert f"what you edited is in {copy.name}" in said
    assert content(small) == SMALL.encode()


def test_mode_and_links(small: Soc) -> None:
    """The register keeps its mode, and a link to it stays a link; the copy is no more open."""
    target = small.folder / "kept" / "register.toml"
    target.parent.mkdir()
    (small.folder / NAME).rename(target)
    target.chmod(0o600)
    (small.folder / NAME).symlink_to(target)
    mode = "assert path.stat().st_mode & 0o777 == 0o600\npath.chmod(0o666)\n"
    said = Editing(small, editor(small.folder, mode + GOOD)).ended()
    assert f"Saved {NAME}" in said
    assert (small.folder / NAME).is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "Norfolk Police" in target.read_text()
    assert [path.name for path in target.parent.iterdir() if ".lock" not in path.name] == [
        "register.toml"
    ]


def test_a_backup_is_taken_away(small: Soc) -> None:
    """What an editor leaves beside the copy under its usual name goes with the copy."""
    backup = 'path.with_name(path.name + "~").write_text(text)\n'
    Editing(small, editor(small.folder, backup + GOOD)).ended()
    assert copies(small.folder) == []


def test_read_only(small: Soc) -> None:
    """A register that may not be written is refused before anybody edits in vain."""
    (small.folder / NAME).chmod(0o444)
    said = Editing(small, editor(small.folder, GOOD)).ended(5)
    assert "it is read-only" in said
    assert not (small.folder / "bin" / "called").exists()
    assert copies(small.folder) == []


def test_updates_that_are_changed(small: Soc) -> None:
    """That updates on record are now other ones is said: the past has changed with them."""
    updates = update(1, "r1", "start", "2024-06-01")
    updates += update(2, "r1", "note", "2024-06-02", 'note = "Hello."')
    small.write(SMALL + updates)
    said = Editing(small, editor(small.folder, 'text = text.replace("Hello", "Bye")')).ended()
    assert "1 update that stood in it was changed or taken out" in said
    assert "socwatch undo" in said
    more = 'text += "\\n" + text[text.rindex("[[updates]]"):].replace("u-2", "u-3")'
    assert "taken out" not in Editing(small, editor(small.folder, more)).ended()


def test_ctrl_c_in_the_editor(small: Soc) -> None:
    """Ctrl-C while the editor runs is the editor's alone."""
    wait = f"""
import signal
from threading import Event
pressed = Event()
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
signal.signal(signal.SIGINT, lambda *_: pressed.set())
print("ready", flush=True)
assert pressed.wait(300)
{GOOD}
"""
    editing = Editing(small, editor(small.folder, wait))
    editing.terminal.read_to("ready")
    editing.terminal.type("\x03")
    assert f"Saved {NAME}" in editing.ended()
    assert b"Norfolk Police" in content(small)


def test_without_a_terminal(small: Soc) -> None:
    """In a script it is wrong usage, and the editor is not called."""
    program = editor(small.folder, GOOD)
    ran = small("edit", code=2, environment={"VISUAL": str(program)})
    assert "edit needs a terminal" in ran.err
    assert "socwatch validate" in ran.err
    assert content(small) == SMALL.encode()
    assert not (small.folder / "bin" / "called").exists()


def test_no_register(soc: Soc) -> None:
    """Without a register nothing is opened."""
    assert "there is no register" in Editing(soc, editor(soc.folder, "")).ended(3)
    assert copies(soc.folder) == []
