"""A tilde means the home folder wherever a path is typed, also where no shell has expanded it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import Soc
from registers import SMALL


@pytest.fixture
def home(soc: Soc, tmp_path_factory: pytest.TempPathFactory) -> Soc:
    """The command in an empty folder, with a register in the home folder."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "soc.toml").write_text(SMALL)
    return Soc(soc.folder, {"HOME": str(folder)})


def at_home(home: Soc) -> Path:
    """The home folder."""
    return Path(home.environment["HOME"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--records=~/soc.toml"),
        ("--records=~/soc.toml", "list"),
        ("list", "--records", "~/soc.toml"),
        ("validate", "--records=~/soc.toml"),
    ],
    ids=" ".join,
)
def test_the_register(home: Soc, arguments: tuple[str, ...]) -> None:
    """It is found, before the command and after it; what is not there is named whole."""
    assert home(*arguments).err == ""
    missing = [each.replace("soc.toml", "none.toml") for each in arguments]
    assert f"{at_home(home)}/none.toml" in home(*missing, code=3).err


def test_the_variable(home: Soc) -> None:
    """A variable that was set between quotes has its tilde still."""
    assert "r1" in home("list", environment={"SOCWATCH_RECORDS": "~/soc.toml"}).out


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("list",), "list.csv"),
        (("export",), "book.xlsx"),
        (("calendar",), "dates.ics"),
        (("paper",), "paper.html"),
    ],
)
def test_an_output(home: Soc, command: tuple[str, ...], name: str) -> None:
    """A file is written to the home folder, and no folder named ~ is made or missed."""
    home(*command, "--records=~/soc.toml", f"--output=~/{name}", "--as-of", "2025-01-01")
    assert (at_home(home) / name).stat().st_size
    assert list(home.folder.iterdir()) == []


def test_a_new_register(home: Soc) -> None:
    """`init` makes it in the home folder."""
    home("init", "~/new.toml")
    assert (at_home(home) / "new.toml").is_file()
    assert list(home.folder.iterdir()) == []


def test_evidence(home: Soc) -> None:
    """A file of evidence is the one at home; an address with a tilde in it is one still."""
    (at_home(home) / "minutes.txt").write_text("minutes")
    address = "https://a.example/~b"
    home("done", "r1", "--records=~/soc.toml", "--evidence=~/minutes.txt", "--evidence", address)
    text = (at_home(home) / "soc.toml").read_text()
    assert '"minutes.txt#sha256=' in text
    assert f'"{address}"' in text


@pytest.mark.parametrize("where", ["option", "variable"])
def test_completion(home: Soc, where: str) -> None:
    """What bash hands on unexpanded completes ids of the register at home."""
    words = ["socwatch", "--records", "~/soc.toml", "show", "r"]
    variable = {}
    if where == "variable":
        words, variable = ["socwatch", "show", "r"], {"SOCWATCH_RECORDS": "~/soc.toml"}
    completing = {"_SOCWATCH_COMPLETE": "complete_bash", "COMP_CWORD": str(len(words) - 1)}
    completing["COMP_WORDS"] = "\n".join(words)
    assert home(environment=completing | variable).out.split() == ["r1", "r2", *R2]


R2 = ["r2@norfolk", "r2@northumbria"]


def test_a_folder_that_is_named_so(home: Soc) -> None:
    """A folder whose name is a tilde is meant by its whole path."""
    (home.folder / "~").mkdir()
    shutil.copy(at_home(home) / "soc.toml", home.folder / "~" / "here.toml")
    assert "r1" in home("list", "--records", home.folder / "~" / "here.toml").out
    assert "here.toml does not exist" in home("list", "--records=~/here.toml", code=3).err
