"""Run a crontab under Debian's own cron, in folders that only its namespace sees.

    unshare --mount --pid --fork --kill-child python under_cron.py FOLDER JOBS

The folder holds `crontab`, and gets in `mail` a file for each mail that cron sends. This ends when
so many jobs have ended and cron has sent what they printed. Nothing of the machine is changed: what
is mounted here goes with the namespace, and so do the processes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SENDMAIL = """\
#!/bin/sh
exec cat >"{folder}/mail/$$"
"""
SHELL = """\
#!/bin/sh
/bin/sh "$@"
code=$?
printf . >"{folder}/ended"
exit "$code"
"""


def main(folder: Path, jobs: int) -> None:
    """Install the crontab as a person would, run cron until the jobs have ended, and end it."""
    cron = shutil.which("cron")
    assert cron is not None
    programs = folder / "sbin"
    programs.mkdir()
    shutil.copy(cron, programs / "cron")
    _script(programs / "sendmail", SENDMAIL, folder)
    _script(folder / "shell", SHELL, folder)
    (folder / "mail").mkdir()
    for emptied in ("/run", "/var/spool/cron", "/etc/cron.d"):
        _mount("-t", "tmpfs", "tmpfs", emptied)
    _mount("--bind", "/dev/null", "/etc/crontab")
    _mount("--bind", str(programs), "/usr/sbin")
    Path("/var/spool/cron/crontabs").mkdir()
    os.mkfifo(folder / "ended")
    ended = os.open(folder / "ended", os.O_RDWR)
    subprocess.run(["crontab", folder / "crontab"], check=True)
    if not jobs:
        return
    daemon = subprocess.Popen(["/usr/sbin/cron", "-f"])
    while jobs > 0:
        jobs -= len(os.read(ended, jobs))
    daemon.terminate()
    while True:  # cron's children come to the first process of the namespace, which this is
        try:
            os.wait()
        except ChildProcessError:
            return


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _script(path: Path, text: str, folder: Path) -> None:
    path.write_text(text.format(folder=folder))
    path.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
