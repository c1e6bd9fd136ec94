"""Run socwatch with the system's calls as Windows has them.

    python tests/windows.py ARGUMENT…

There is no Windows here, so this takes away what Python on Windows lacks and changes what answers
otherwise there, before socwatch is imported. Tests call it by the fixture `on_windows`, like the
real command: `on_windows("done", "r1", "--by", "B")`. What it imitates, and where that is said:

- `os` has no `fchown`, `chown`, `getgrouplist`, `fork`, extended attributes, O_NONBLOCK and
  O_NOFOLLOW; `os.set_blocking` came with 3.12, `os.fchmod` with 3.13 ("Availability" in the
  documentation of `os`). The modules `fcntl`, `grp`, `pwd`, `resource` and `termios` are not there.
  `signal` has no SIGHUP, SIGKILL, SIGPIPE or alarm.
- A file cannot be replaced while another program has it open: `os.replace` fails with winerror 5
  for the files that SOCWATCH_TEST_IN_USE names.
- `os.name` stays as it is, since pathlib would make no path, and `os.getuid` stays, since libraries
  choose by `sys.platform`. In socwatch `store.system.ON_WINDOWS` decides.
"""

from __future__ import annotations

import os
import shutil  # noqa: F401  # it imports modules that are about to go
import signal  # noqa: F401
import subprocess  # noqa: F401
import sys
from pathlib import Path
from typing import Any

LACKING = {
    "os": (
        *("chown", "fchmod", "fchown", "fork", "forkpty", "getgrouplist", "getxattr", "lchown"),
        *("listxattr", "mkfifo", "removexattr"),
        *("set_blocking", "setxattr", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK"),
    ),
    "signal": ("SIGALRM", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGWINCH", "alarm"),
}
ABSENT = ("fcntl", "grp", "pwd", "resource", "termios")
ACCESS_DENIED = 5


def take_away() -> None:
    """Make this process lack what Windows lacks."""
    for module, names in LACKING.items():
        for name in names:
            vars(sys.modules[module]).pop(name, None)
    for name in ABSENT:
        sys.modules[name] = None  # type: ignore[assignment]  # so that importing it fails
    in_use = {
        os.path.realpath(name) for name in os.environ.get("SOCWATCH_TEST_IN_USE", "").split(":")
    }
    rename = os.replace

    def replace(src: Any, dst: Any, **options: Any) -> None:  # noqa: ANN401  # as os has it
        if os.path.realpath(dst) in in_use:
            refused = PermissionError(13, "Access is denied", str(src))
            refused.winerror = ACCESS_DENIED  # type: ignore[attr-defined]  # Windows alone has it
            raise refused
        rename(src, dst, **options)

    os.replace = replace


def main() -> None:
    """Run the command line that follows the name of this file."""
    take_away()
    import socwatch.store.system

    socwatch.store.system.ON_WINDOWS = True
    from socwatch.__main__ import main as run

    sys.argv[0] = "socwatch"
    run()


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).parent))
    main()
