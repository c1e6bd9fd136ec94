"""The project's tasks, one word each: `nox -s test`, `slow`, `lint`, `docs` or `lowest`.

Each runs in an environment of its own below `.nox`. Words after `--` go to pytest:
`nox -s test -- -k deadline`. `.ci/run` runs these same tasks on a clean copy.
"""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["test", "lint"]

GENERATED_DOCS = (
    ("docs/make_reference.py",),
    ("docs/make_faults.py", "--refresh"),
    ("tests/transcripts.py",),
    ("tests/test_terminal.py",),
    ("docs/make_pictures.py",),
)
"""The scripts that write what the tests compare, in the order in which they need each other."""


@nox.session
def test(session: nox.Session) -> None:
    """Run the default tests, on the Python that runs nox or the one given with --force-python."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Run the slow tests: kills, races, browsers, office programs, cron, all examples of laws."""
    session.install("-e", ".[test-slow]")
    every = ("-m", "slow or hypothesis", "--hypothesis-profile", "all")
    session.run("pytest", "-q", *every, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types and the direction of imports."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("mypy", "--platform", "win32", "src")
    session.run("lint-imports", "--no-logo")


@nox.session
def docs(session: nox.Session) -> None:
    """Write the generated pages, transcripts, snapshots and pictures again. Look at the diff."""
    session.install("-e", ".[test-slow]")
    for script in GENERATED_DOCS:
        session.run("python", *script)


@nox.session(venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """Run the default tests with the lowest versions that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", "-e", ".[test]")
    session.run("pytest", "-q", *session.posargs)
