"""`python -m socwatch` and the console script."""

from __future__ import annotations

import sys  # Built in. All else is imported where main() can answer a Ctrl-C.


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        code = _run()
        _ignore_ctrl_c()
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001  # also of an import, or of telling
        _ignore_ctrl_c()
        code = _tell(error)
    _end(code)


def _run() -> int:
    import gc
    import os

    # Pydantic looks through every installed package for plugins, at a cost felt on each Tab.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A run makes many small values and keeps them all to its end: looking for garbage finds none.
    gc.disable()
    from socwatch.cli import run  # after the setting, which pydantic reads as it is imported

    return run(sys.argv[1:])


def _ignore_ctrl_c() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tell(error: BaseException) -> int:
    """Say on stderr, in ASCII, what `run` was not able to say, and return the exit code."""
    import contextlib

    from socwatch.errors import failure_of
    from socwatch.store.written import is_recorded

    failure = failure_of(error, recorded=is_recorded())
    said = [text.encode("unicode_escape").decode() for text in (str(failure), failure.remedy)]
    with contextlib.suppress(OSError, ValueError, AttributeError):  # there may be no stderr
        sys.stderr.write(f"socwatch: {said[0]}\n  {said[1]}".rstrip() + "\n")
    return failure.exit_code


def _end(code: int) -> None:
    """End the process without taking apart, one by one, all the values that die with it."""
    import contextlib
    import os

    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):  # an answer's own flush has told of it
                stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
