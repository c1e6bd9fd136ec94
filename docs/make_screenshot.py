"""Make the picture of the committee's paper in docs/paper.md, with chromium and Playwright.

    python docs/make_screenshot.py

No two browsers draw the same bytes, so no test can draw the picture again. Beside it stands the
fingerprint of the page that it shows, and a test compares that with the page as it is now.
"""  # noqa: INP001  # a script, run by its path

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "paper.png"
FINGERPRINT = ROOT / "docs" / "paper.png.shows"
PAPER = (
    "paper",
    *("--records", "docs/examples/two-forces.toml"),
    *("--since", "2026-03-31", "--as-of", "2026-06-30"),
)
WIDTH, HEIGHT = 1100, 1640


def page() -> bytes:
    """The page that the picture shows, as it is now."""
    printing = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(  # noqa: S603  # our own command, with these arguments
        (sys.executable, "-m", "socwatch", *PAPER),
        cwd=ROOT,
        env=printing,
        check=True,
        capture_output=True,
    ).stdout


def fingerprint(shown: bytes) -> str:
    """By which a page is known; the version that made it is no matter."""
    return sha256(b"\n".join(x for x in shown.splitlines() if b"Made with" not in x)).hexdigest()


def main() -> None:
    """Draw the picture, and write down what it shows."""
    from playwright.sync_api import sync_playwright  # the test of the fingerprint needs none

    shown = page()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "paper.html"
        file.write_bytes(shown)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.goto(file.as_uri())
        tab.screenshot(path=PICTURE)
        browser.close()
    FINGERPRINT.write_text(fingerprint(shown) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
