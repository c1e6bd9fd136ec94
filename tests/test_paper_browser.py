"""The committee's paper in a browser: chromium, driven by Playwright and audited by axe-core."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import SHIPPED, Soc
from registers import update
from test_formats import hostile_register
from test_paper import QUARTER, TWO_FORCES

if TYPE_CHECKING:  # the default run does without them
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

WIDTHS = {"phone": 320, "desktop": 1280}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of this machine, without a window."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium has no sandbox to itself where it is run by root, as in a container.
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


def to_sort() -> str:
    """A register in which the columns of the paper have another order by digits than by value."""
    forces = ("wolds", "dales", "moors", "fens")
    findings = [
        ("c", "i2016", "wolds", 'kind = "cause-of-concern"\nsources = ["s1", "s2", "s3", "s4"]'),
        *(
            (f"a{n}", year, body, 'kind = "area-for-improvement"')
            for n, (year, body) in enumerate(
                zip(("i2016", "i2024", "i2025", "i2026"), forces, strict=True), 1
            )
        ),
    ]
    days = ("2026-11-21", "2022-07-24", "2026-12-04", "2026-04-02", "", "2020-01-01", "2020-06-01")
    for number, day in enumerate(days, 1):
        deadline = f"\ndeadline = {day}" if day else ""
        more = f'kind = "recommendation"\npart_of = "c"{deadline}'
        findings.append((f"r{number}", "i2016", "wolds", more))
    tables = [
        *(
            f'[[sources]]\nid = "s{n}"\npublisher = "P"\ntitle = "T"\npublished = {day}'
            for n, day in enumerate(("2024-02-10", '"2024-01"', "2024-01-20", '"2024"'), 1)
        ),
        *(
            f'[[bodies]]\nid = "{body}"\nname = "{body.capitalize()}"\nkind = "force"\n'
            f'local_policing_body = "{body.capitalize()}"'
            for body in forces
        ),
        *(
            f'[[inspections]]\nid = "i{day[:4]}"\ntitle = "I"\ninspectorate = "HMICFRS"\n'
            f'scale = "five-grades"\npublished = {day}'
            for day in ("2016-03-01", "2024-05-14", "2025-12-01", "2026-10-13")
        ),
        *(
            f'[[grades]]\ninspection = "i2024"\nbody = "{body}"\nquestion = "Q"\ngrade = "{grade}"'
            for body, grade in zip(
                forces,
                ("inadequate", "good", "outstanding", "requires-improvement"),
                strict=True,
            )
        ),
        *(
            f'[[findings]]\nid = "{name}"\ninspection = "{inspection}"\nbodies = ["{body}"]\n'
            f'summary = "S"\n{more}'
            for name, inspection, body, more in findings
        ),
        *(
            f'[[responses]]\ninspection = "i2024"\nbody = "{body}"\npublished = {day}'
            for body, day in (
                ("dales", "2024-07-20"),
                ("moors", "2024-07-10"),
                ("fens", "2024-06-21"),
            )
        ),
    ]
    done = [update(1, "r6", "done", "2020-01-03"), update(2, "r7", "done", "2020-05-01")]
    return "\n\n".join(["format = 1", *tables]) + "\n" + "".join(done)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the papers of three registers."""
    folder = tmp_path_factory.mktemp("papers")
    soc = Soc(folder)
    soc.write(hostile_register(), "hostile.toml")
    soc.write(to_sort(), "sorted.toml")
    for name, register, asked in (
        ("shipped", SHIPPED, ("--as-of", "2026-11-22", "--since", "2018-01-01")),
        ("two", TWO_FORCES, QUARTER),
        ("hostile", folder / "hostile.toml", ("--as-of", "2026-11-22")),
        ("sorted", folder / "sorted.toml", ("--as-of", "2026-11-22")),
    ):
        soc("paper", "--records", register, *asked, "--output", f"{name}.html")
    return folder


OpenPaper = Callable[..., "Page"]


@pytest.fixture
def opened(browser: Browser, papers: Path) -> Iterator[OpenPaper]:
    """Opens a paper in a page of its own; everything that the page asks for is kept in it."""
    contexts = []

    def open_paper(
        name: str, *, width: int = 1280, dark: bool = False, scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto((papers / f"{name}.html").as_uri())
        return page

    yield open_paper
    for context in contexts:
        context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", ["two", "hostile"])
def test_axe_finds_no_fault(opened: OpenPaper, name: str, width: int, *, dark: bool) -> None:
    """Every rule that axe-core can decide by itself is kept, with the tables unfolded too."""
    page = opened(name, width=width, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    faults, passed = audited(page)
    assert faults == []
    assert {"color-contrast", "heading-order", "region", "svg-img-alt"} <= passed


def test_axe_would_find_a_fault(opened: OpenPaper) -> None:
    """Words too pale, a heading left out and a picture without a name are found, and no more."""
    page = opened("hostile")
    page.evaluate("document.querySelector('main p').style.color = '#999999'")
    page.evaluate("document.querySelector('main').append(document.createElement('h5'))")
    page.evaluate("document.querySelector('h5').textContent = 'out of order'")
    page.evaluate("document.querySelector('svg').removeAttribute('aria-labelledby')")
    page.evaluate("document.querySelector('svg title').remove()")
    faults, _ = audited(page)
    assert faults == ["color-contrast", "heading-order", "svg-img-alt"]


def audited(page: Page) -> tuple[list[str], set[str]]:
    """The rules of axe-core that a page breaks, and those that it keeps."""
    axe = files("axe_playwright_python") / "axe.min.js"
    page.evaluate(axe.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document)")
    for each in result["violations"]:
        sys.stdout.write(f"{each['id']}: {each['nodes'][0]['html']}\n")
    broken = sorted(each["id"] for each in result["violations"])
    return broken, {each["id"] for each in result["passes"]}


@pytest.mark.parametrize("name", ["shipped", "two", "hostile"])
def test_nothing_is_asked_for(browser: Browser, papers: Path, name: str) -> None:
    """The page is the only thing fetched, nothing is refused, and no script of a register runs."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    address = (papers / f"{name}.html").as_uri()
    page.goto(address, wait_until="networkidle")
    page.emulate_media(media="print")
    assert asked == [address]
    assert told == []
    page.evaluate(
        "document.body.append(Object.assign(new Image(), {src: 'https://example.org/x'}))"
    )
    assert any("Content Security Policy" in each for each in told)
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_is_lost_on_a_narrow_screen(
    opened: OpenPaper, width: int, *, scripts: bool
) -> None:
    """The page is no wider than the screen; what is wider scrolls in a region with a name."""
    page = opened("shipped", width=width, scripts=scripts)
    locate = page.locator
    assert locate("html").bounding_box() is not None
    body = locate("body").bounding_box()
    assert body is not None
    assert body["width"] <= width
    regions = locate(".scroll")
    assert regions.count() > 10
    for region in regions.all():
        assert region.get_attribute("tabindex") == "0"
        box = region.bounding_box()
        assert box is None or box["x"] + box["width"] <= width
    words = locate("#table-overdue").inner_text()
    assert "wmp-soc-2024-r5" in words
    assert "690" in words
    assert locate("th button").count() == 0 or scripts


def test_a_phone_shows_rows_below_each_other(opened: OpenPaper) -> None:
    """Each cell stands below the one before it, named by its heading, and is a cell still."""
    page = opened("two", width=320)
    cells = page.locator("#table-overdue tbody tr").first.locator("td")
    tops = [box["y"] for each in cells.all() if (box := each.bounding_box())]
    assert tops == sorted(set(tops))
    assert cells.first.get_attribute("data-label") == "Body"
    assert page.get_by_role("table").count() > 5
    assert page.get_by_role("rowheader", name="otherton-2024-r4").count() > 0
    wide = opened("two", width=1280)
    beside = wide.locator("#table-overdue tbody tr").first.locator("td")
    levels = {box["y"] for each in beside.all() if (box := each.bounding_box())}
    assert len(levels) == 1


def test_the_keyboard_reaches_everything_in_order(opened: OpenPaper) -> None:
    """Tab goes from the skip link down the page to its end, and what is reached shows it."""
    page = opened("two")
    page.evaluate(
        """() => {
            const wanted = "a[href], button, input, summary, [tabindex='0']";
            const all = [...document.querySelectorAll(wanted)].filter((e) => e.checkVisibility());
            window.placeOf = (element) => all.indexOf(element);
            window.reachable = all.length;
        }"""
    )
    expected = page.evaluate("reachable")
    seen: list[str] = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "placeOf(document.activeElement) + ' ' + "
                "getComputedStyle(document.activeElement).outlineStyle"
            )
        )
    assert expected > 50
    assert seen == [f"{place} solid" for place in range(expected)]
    page.reload()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def first_cells(page: Page, table: str) -> list[str]:
    """The first cells of the rows of a table that are seen, headings of groups left out."""
    rows = page.locator(f"#table-{table} tbody tr:not(.group):visible th")
    return [each.inner_text() for each in rows.all()]


def test_sorting(opened: OpenPaper) -> None:
    """A heading sorts its rows up, then down, within their group, and says which way."""
    page = opened("shipped")
    before = first_cells(page, "recommendations")
    heading = page.locator("#table-recommendations th", has_text="Item").first
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert first_cells(page, "recommendations") == before
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    after = first_cells(page, "recommendations")
    assert after == [*before[:5][::-1], before[5]]
    days = page.locator("#table-overdue th", has_text="Days past").get_by_role("button")
    days.click()
    assert first_cells(page, "overdue")[-1] == "wmp-soc-2018-r1"


@pytest.mark.parametrize(
    ("table", "heading", "ascending"),
    [
        ("recommendations", "Timing", ["r2", "r4", "r1", "r3", "r6", "r7", "r5"]),
        ("recommendations", "Status", ["r2", "r4", "r1", "r3", "r5", "r6", "r7"]),
        ("recommendations", "Deadline", ["r6", "r7", "r2", "r4", "r1", "r3", "r5"]),
        ("overdue", "Days past", ["r1", "r4", "r2"]),
        ("areas", "Age", ["a4", "a3", "a2", "a1"]),
        ("responses", "Standing", ["Wolds", "Dales", "Moors", "Fens"]),
        ("grades", "Grade", ["Moors", "Dales", "Fens", "Wolds"]),
        ("bodies", "Latest grade", ["Moors", "Dales", "Fens", "Wolds"]),
        ("ages", "Median age", ["Fens", "Moors", "Dales", "Wolds"]),
        ("ages", "Oldest", ["Fens", "Moors", "Dales", "Wolds"]),
        ("sources", "Published", ["s3", "s2", "s1", "s4"]),
    ],
)
def test_sorting_by_value(
    opened: OpenPaper, table: str, heading: str, ascending: list[str]
) -> None:
    """Days, ages, dates, grades and statuses sort by their value, never by the digits shown."""
    page = opened("sorted")
    heads = page.locator(f"#table-{table} thead th")
    button = heads.filter(has_text=re.compile(f"^{heading}$")).get_by_role("button")
    button.click()
    assert first_cells(page, table)[-len(ascending) :] == ascending
    button.click()
    assert first_cells(page, table)[-len(ascending) :] != ascending


def test_no_column_is_sorted_by_its_digits(opened: OpenPaper) -> None:
    """Each cell that begins with a figure and goes on in words holds its value for sorting."""
    page = opened("sorted")
    cells: list[list[str]] = page.evaluate(
        """() => [...document.querySelectorAll("table:has(thead button) tbody td")]
            .filter((cell) => cell.querySelector("time") === null)
            .filter((cell) => /^[-+\\d]/.test(cell.textContent))
            .map((cell) => [cell.textContent, cell.dataset.sort ?? "none"])"""
    )
    assert ["1,582 days past", "-1582"] in cells
    assert [words for words, key in cells if key == "none"] == []


def test_filtering(opened: OpenPaper) -> None:
    """Only rows with the words stay, their number is said, and an empty field brings all back."""
    page = opened("shipped")
    everything = first_cells(page, "areas")
    field = page.locator("input[aria-describedby='caption-areas']")
    assert page.get_by_label("Show only rows with:").count() > 1
    field.fill("WARWICKSHIRE")
    assert first_cells(page, "areas") == [f"warks-soc-2024-a{n}" for n in range(1, 5)]
    told = page.get_by_role("status").filter(has_text="4 of 19 rows shown")
    assert told.count() == 1
    field.fill("")
    assert first_cells(page, "areas") == everything
    assert len(everything) == 19


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_print(
    opened: OpenPaper, tmp_path: Path, program: Callable[[str], str], *, scripts: bool
) -> None:
    """On A4 each page of a long table begins with its headings, and no word is cut off."""
    to_text = program("pdftotext")
    page = opened("shipped", scripts=scripts)
    page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    made = subprocess.run(
        [to_text, "-layout", tmp_path / "paper.pdf", "-"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    pages = made.stdout.split("\f")
    sources = [each for each in pages if "Last read" in each]
    assert len(sources) > 1
    assert all("Publisher" in each for each in sources)
    words = "".join(made.stdout.split())
    for name in ("wmr-soc-2024-a4", "hmicfrs-register-soc", "A.Whatislive", "690"):
        assert name in words
    assert "Showonlyrowswith" not in words
    assert "Skiptothepaper" not in words
    info = subprocess.run(
        [program("pdfinfo"), tmp_path / "paper.pdf"], check=True, capture_output=True, text=True
    )
    assert "A4" in info.stdout
