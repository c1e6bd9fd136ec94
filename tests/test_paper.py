"""`paper`: the committee's paper as a page and as Markdown, its figures against a replay."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from conftest import AS_OF, ROOT, Soc, examples
from oracle import A_DAY, Row, Rows
from registers import SMALL, SOUND, update
from socwatch.records import KINDS
from socwatch.render.context import RenderContext
from socwatch.render.formats import PAPER_FORMATS, Format, PaperRenderer
from socwatch.render.paper.html import is_web_address
from socwatch.reports.paper.paper import paper
from socwatch.reports.paper.sections import Paper, TableWithChart
from socwatch.reports.table import Value
from socwatch.store.load import load
from socwatch.tracking import QueryDates
from strategies import plain_registers, register_of, telling_days, telling_days_of_record
from terminal import Terminal
from test_formats import SAID, hostile_register
from test_terminal import sent

TWO_FORCES = ROOT / "docs" / "examples" / "two-forces.toml"
QUARTER = ("--since", "2026-03-31", "--as-of", "2026-06-30")
VOID = {"meta", "link", "br", "input"}
LIVE = {"open", "in-progress", "done"}
ENDED = {"signed-off", "closed"}


class Page(HTMLParser):
    """A page as its elements, with the words that a reader sees in each table."""

    def __init__(self, html: str) -> None:
        """Read a page; an element that is not closed where it should be is a fault."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.captions: dict[str, str] = {}
        self.words: list[str] = []
        self._open: list[str] = []
        self._table = ""
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element, and begin a table, a row, a cell or a heading."""
        about = {name: value or "" for name, value in attrs}
        self.elements.append((tag, about))
        if tag == "br":
            self._say("; ")
        if tag in VOID:
            return
        self._open.append(tag)
        if tag == "table":
            self._table = about["id"].removeprefix("table-")
            self.tables[self._table] = []
        if tag == "tr":
            self.tables[self._table].append([])
        if tag in ("th", "td"):
            self.tables[self._table][-1].append("")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        """End the element that was begun last, which must be this one."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        if not {"style", "script"} & {*self._open[-1:]}:
            self._say(data)

    def _say(self, words: str) -> None:
        if "caption" in self._open:
            self.captions[self._table] = self.captions.get(self._table, "") + words
        elif {"th", "td"} & {*self._open}:
            self.tables[self._table][-1][-1] += words
        elif self._open and re.fullmatch("h[1-6]", self._open[-1]):
            level, before = self.headings.pop()
            self.headings.append((level, before + words))
        self.words.append(words)

    @property
    def text(self) -> str:
        """All that a reader sees, with single blanks."""
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a kind."""
        return [about for each, about in self.elements if each == tag]


@pytest.fixture
def two(soc: Soc) -> Soc:
    """The command beside the register of two forces."""
    shutil.copyfile(TWO_FORCES, soc.folder / "recommendations.toml")
    return soc


def page_of(soc: Soc, *arguments: str) -> Page:
    """The page that a call prints."""
    return Page(soc("paper", *arguments).out)


def test_the_page_is_made_as_accessible_pages_are(shipped: Soc) -> None:
    """A language, one h1, headings in order, landmarks, captions, scopes, and no id twice."""
    page = page_of(shipped, "--as-of", AS_OF)
    assert page.all("html") == [{"lang": "en-GB"}]
    assert [each for each in page.headings if each[0] == 1] == [
        (1, "West Midlands: serious and organised crime inspection of 14 May 2024")
    ]
    assert {level for level, _ in page.headings} == {1, 2}
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.all(landmark)) == 1
    ids = [about["id"] for _, about in page.elements if "id" in about]
    assert len(ids) == len(set(ids)) > 30
    linked = {about["href"][1:] for about in page.all("a") if about["href"].startswith("#")}
    assert "main" in linked
    assert linked <= set(ids)
    named = {i for _, about in page.elements for i in about.get("aria-labelledby", "").split()}
    assert named <= set(ids)
    assert set(page.captions) == set(page.tables)
    assert all(caption.strip() for caption in page.captions.values())
    assert all(about["scope"] in {"col", "row", "rowgroup"} for about in page.all("th"))
    assert all("aria-labelledby" in s for s in page.all("svg"))
    assert not page.all("img")
    assert "style" not in {name for _, about in page.elements for name in about}


def test_nothing_is_fetched(shipped: Soc) -> None:
    """Nothing in the page names another file, and its policy admits only its own code and style."""
    page = page_of(shipped, "--as-of", AS_OF)
    assert not [a for _, a in page.elements if {"src", "srcset", "action", "ping"} & a.keys()]
    assert [a["href"] for a in page.all("link")] == ["data:,"]
    (policy,) = (a["content"] for a in page.all("meta") if "http-equiv" in a)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", rules["script-src"])
    assert "unsafe" not in policy
    assert any(a["href"].startswith("https://") for a in page.all("a"))


def test_a_quarter(two: Soc) -> None:
    """A to E hold what happened in the quarter, each once, in the words of its section."""
    page = page_of(two, *QUARTER)
    first = {name: [row[0] for row in rows[1:]] for name, rows in page.tables.items()}
    assert first["progress"] == [
        "Signed off (1)", "anyshire-2024-a2",
        "Closed (1)", "middle-2024-a1@anyshire",
    ]  # fmt: skip
    assert first["reopened"] == ["otherton-2024-r4"]
    group_by_item = {row[0]: row for row in page.tables["moved"]}
    assert list(group_by_item) == ["Item", "otherton-2024-r2", "otherton-2024-r1"]
    row = dict(zip(group_by_item["Item"], group_by_item["otherton-2024-r1"], strict=True))
    assert (row["From"], row["To"]) == ("31 May 2026", "31 Oct 2026")
    assert (row["Reason"], row["Agreed by"]) == ("One post is still vacant.", "HMICFRS")
    assert row["Moved before"] == "2"
    assert first["overdue"] == ["otherton-2024-r4", "otherton-2024-r3"]
    assert len(first["responses"]) == 5
    assert "otherton-2024-r3" not in first["progress"]
    assert "B. Progress since 31 Mar 2026" in {words for _, words in page.headings}
    assert "Recommendations that are live, by cause of concern (5)" in page.captions.values()


def test_what_is_missing_and_where_sources_disagree(shipped: Soc) -> None:
    """The paper says what its figures do not hold, and which source says otherwise."""
    page = page_of(shipped, "--as-of", AS_OF)
    assert "its source counts 9 recommendations, of which 5 are on record" in page.text
    assert "not on record: the report's own boxes of areas for improvement" in page.text
    against = [row[1] for row in page.tables["contradictions"][1:]]
    assert "express-and-star-2024-05-14" in against
    causes = {row[0]: row for row in page.tables["causes"]}
    assert "5 of 5 live; 5 of 9 on record" in causes["wmp-soc-2024"]
    assert "breach" not in page.text.lower()
    assert "not done" not in page.text.lower()


def test_progress_ends_with_a_reopening(soc: Soc) -> None:
    """What was reopened is not among what was done, is counted there only if done again."""
    soc.write(
        SOUND
        + update(1, "r1", "done", "2024-11-01")
        + update(2, "r1", "reopen", "2024-11-20", 'note = "Not all of it."')
        + update(3, "a1", "done", "2024-11-02")
        + update(4, "a1", "reopen", "2024-11-20", 'note = "Not all of it."')
        + update(5, "a1", "done", "2024-11-25")
        + update(6, "a1", "sign-off", "2024-11-26", 'by = "HMICFRS"')
    )
    page = page_of(soc, "--as-of", "2024-12-31")
    rows = [(row[0], *row[3:4]) for row in page.tables["progress"][1:]]
    assert rows == [
        ("Reported done (1)",),
        ("a1", "25 Nov 2024"),
        ("Signed off (1)",),
        ("a1", "26 Nov 2024"),
    ]
    assert sorted(row[0] for row in page.tables["reopened"][1:]) == ["a1", "r1"]
    figures = re.sub(r"\s+", " ", page.text)
    assert "1 reported done after 30 Sep 2024" in figures
    assert "1 signed off or closed after 30 Sep 2024" in figures


def test_recurrence_is_no_gap(shipped: Soc) -> None:
    """What recurs is said of what is overdue, and is not among what is missing."""
    text = shipped("paper", "--as-of", AS_OF, "--format", "markdown").out.replace("\\", "")
    overdue, _, rest = text.partition("## D. ")[2].partition("## E. ")
    assert "wmp-soc-2018-r1 recurs as wmp-soc-2024-r1" in overdue
    assert "Not on" not in overdue
    gaps = rest.partition("## Known gaps")[2].partition("## ")[0]
    assert "wmp-soc-2024: its source counts 9 recommendations" in gaps
    assert "recurs" not in gaps


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_no_commands_and_no_ids_of_updates(two: Soc, form: str) -> None:
    """A committee reads no id of an update, and nothing to type."""
    text = two("paper", *QUARTER, "--format", form).out
    assert "1 update from this period was undone and is not counted." in text.replace("\\", "")
    assert not re.search(r"\bu-\d+", text)
    assert not re.search(r"socwatch\\? [a-z]+[^a-z.]", re.sub(r"Made with socwatch[^<]*", "", text))


def test_a_part_is_named(shipped: Soc) -> None:
    """Each sentence that says that there is none names the bodies that it is about."""
    page = page_of(shipped, "--as-of", AS_OF, "--body", "staffordshire")
    assert "No items are overdue for Staffordshire Police." in page.text
    assert "No recommendation is live for Staffordshire Police." in page.text
    assert not re.search(r"No [a-z ]+ (are|is|was) (overdue|live|moved)(\.| after)", page.text)
    whole = page_of(shipped, "--as-of", "2018-03-21")
    assert "No items are overdue." in whole.text


def test_sources_are_listed_and_linked(shipped: Soc) -> None:
    """Each source that a table names by its id stands in the list, and a link leads there."""
    page = page_of(shipped, "--as-of", AS_OF)
    listed = {row[0] for row in page.tables["sources"][1:]}
    linked = {a["href"] for a in page.all("a") if a["href"].startswith("#source-")}
    assert linked
    assert linked <= {f"#source-{each}" for each in listed}
    named = {i for row in page.tables["grades"][1:] for i in row[-1].split("; ")}
    assert named <= listed
    assert "—" not in named


def test_only_some_bodies(shipped: Soc) -> None:
    """With --body every figure is of that body, and the page says so."""
    page = page_of(shipped, "--as-of", AS_OF, "--body", "staffordshire")
    assert [row[0] for row in page.tables["bodies"][1:]] == ["Staffordshire Police", "All bodies"]
    assert "Only about: Staffordshire Police." in page.text
    assert "4 items are live" in page.text
    assert {row[1] for row in page.tables["areas"][1:]} == {"Staffordshire Police"}
    shown = (rows for name, rows in page.tables.items() if name not in {"sources", "inspections"})
    assert not [row for rows in shown for row in rows if "West Mercia" in row]


def test_only_a_region(shipped: Soc) -> None:
    """--body of a region means all that is inspected with it, and the paper says so."""
    whole = page_of(shipped, "--as-of", AS_OF)
    region = page_of(shipped, "--as-of", AS_OF, "--body", "west-midlands-region")
    assert region.tables["bodies"] == whole.tables["bodies"]
    assert len(region.tables["bodies"]) == 8
    narrowed = page_of(shipped, "--as-of", AS_OF, "--body", "west-mercia")
    assert len(narrowed.tables["bodies"]) == 3


def test_since_is_a_quarter_ago_if_left_out(two: Soc) -> None:
    """Without --since things are new that happened in the three months before the day."""
    assert (
        page_of(two, "--as-of", "2026-06-30").tables["moved"]
        == (page_of(two, "--as-of", "2026-06-30", "--since", "2026-03-30").tables["moved"])
    )
    refused = two("paper", "--as-of", "2026-06-30", "--since", "2026-06-30", code=2)
    assert "no day lies after 2026-06-30" in refused.err
    assert not refused.out


def test_a_past_day_and_a_past_state_of_knowledge(soc: Soc) -> None:
    """--as-of leaves out what happened later, --recorded-until what was recorded later."""
    soc.write(SMALL + update(1, "r1", "done", "2024-12-20", "recorded = 2025-02-01T09:00:00Z"))
    early = page_of(soc, "--as-of", "2024-12-19")
    late = page_of(soc, "--as-of", "2025-01-02")
    known = page_of(soc, "--as-of", "2025-01-02", "--recorded-until", "2025-01-31")
    assert "overdue" not in early.tables
    assert "progress" not in early.tables
    assert "overdue" not in late.tables
    assert late.tables["progress"][2][0] == "r1"
    assert [row[0] for row in known.tables["overdue"][1:]] == ["r1"]
    assert "without what was recorded after 31 Jan 2025" in known.text
    assert "without what was recorded" not in late.text


def test_evidence_is_linked_only_where_it_is_an_address(soc: Soc) -> None:
    """An https address is a link; a file beside the register and a script stay text."""
    evidence = 'evidence = ["https://example.org/x?a=1&b=2", "minutes.pdf", "javascript:alert(1)"]'
    soc.write(SMALL + update(1, "r1", "done", "2024-12-20", evidence))
    (soc.folder / "minutes.pdf").write_bytes(b"x")
    page = page_of(soc, "--as-of", "2025-01-02")
    assert {"https://example.org/x?a=1&b=2"} == {
        a["href"] for a in page.all("a") if not a["href"].startswith("#")
    }
    (row,) = (row for row in page.tables["progress"] if row[0] == "r1")
    assert row[-1] == "https://example.org/x?a=1&b=2; minutes.pdf; javascript:alert(1)"


@pytest.mark.parametrize(
    ("address", "links"),
    [
        ("https://example.org/a_b?c=[d]&e=f#g", True),
        ("http://example.org", True),
        ("HTTPS://example.org", True),
        ("mailto:office@example.org", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("https:example.org", False),
        ("https://[example.org", False),
        ("https://example.org/\u202egro", False),
        ("https://example.org/ x", False),
        ('https://example.org/"x', False),
        ("minutes/may.pdf", False),
        ("", False),
    ],
)
def test_which_addresses_become_links(address: str, *, links: bool) -> None:
    """Those of the web and of e-mail, with nothing hidden in them; others stay text."""
    assert is_web_address(address) is links


def test_hostile_text_stays_text(soc: Soc) -> None:
    """Markup, scripts and controls of a register are words in the page, in any attribute too."""
    soc.write(hostile_register())
    html = soc("paper", "--as-of", AS_OF, "--title", "<script>x</script>\x1b[31m\u202e").out
    page = Page(html)
    assert len(page.all("script")) == 1
    assert not page.all("b")
    assert not [n for _, a in page.elements for n in a if n.startswith("on")]
    assert r"<script>x</script>\x1b[31m\u202e" in page.text
    summaries = [row[2] for row in page.tables["areas"][1:]]
    for name in ("html", "markup", "templates", "entities", "quotes", "formula"):
        assert SAID[name] in summaries, name
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)


def test_a_page_in_ascii_is_the_same_page(two: Soc) -> None:
    """Where the encoding has no dashes, characters are written by their numbers."""
    plain = two("paper", *QUARTER, environment={"PYTHONIOENCODING": "ascii"}).out
    assert plain.isascii()
    assert Page(plain).tables == page_of(two, *QUARTER).tables
    assert "\\u" not in re.sub(r"<(script|style)>.*?</\1>", "", plain, flags=re.DOTALL)


def test_the_same_bytes(two: Soc, tmp_path: Path) -> None:
    """The same register and days give the same bytes, whatever the machine's zone and language."""
    two("paper", *QUARTER, "--output", "a.html")
    elsewhere = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"}
    two("paper", *QUARTER, "--output", "b.html", environment=elsewhere)
    (tmp_path / "deep").mkdir()
    shutil.copyfile(TWO_FORCES, tmp_path / "deep" / "recommendations.toml")
    Soc(tmp_path / "deep")("paper", *QUARTER, "-o", str(tmp_path / "c.html"))
    page = (tmp_path / "a.html").read_bytes()
    assert page == (tmp_path / "b.html").read_bytes() == (tmp_path / "c.html").read_bytes()
    two("paper", *QUARTER, "--output", "d.html", "--title", "Another")
    assert page != (tmp_path / "d.html").read_bytes()
    assert str(tmp_path).encode() not in page


def markdown_tables(text: str) -> list[list[list[str]]]:
    """The tables of a Markdown paper, rows of cells, without the line that sets columns."""
    found = []
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in block.splitlines()]
        words = [[re.sub(r"\*\*|\\", "", each.strip()) for each in row] for row in rows]
        found.append([words[0], *words[2:]])
    return found


@pytest.mark.parametrize("register", ["shipped", "two"])
def test_markdown_has_the_figures_of_the_page(
    register: str, request: pytest.FixtureRequest
) -> None:
    """Each table of the page stands in the Markdown, cell for cell, and so do the headings."""
    soc: Soc = request.getfixturevalue(register)
    asked = QUARTER if register == "two" else ("--as-of", AS_OF)
    page = page_of(soc, *asked)
    soc("paper", *asked, "--output", "paper.md")
    text = (soc.folder / "paper.md").read_text(encoding="utf-8")
    tables = markdown_tables(text)
    assert len(tables) == len(page.tables)

    def cells(row: list[str]) -> list[str]:
        told = [re.sub(r"; |<br>|, ", " ", each).replace("&lt;", "<") for each in row]
        return [each for each in told if each]

    for mine, (name, theirs) in zip(tables, page.tables.items(), strict=True):
        assert [*map(cells, mine)] == [*map(cells, theirs)], name
    headings = re.findall(r"^##? (.+)$", text, re.MULTILINE)
    on_page = [words for _, words in page.headings if words != "Contents"]
    assert [each.replace("\\", "") for each in headings] == on_page
    assert "<script" not in text


def test_a_page_is_not_for_a_terminal(two: Soc) -> None:
    """A terminal is told to name a file; Markdown it can show."""
    told, code = Terminal(two.folder, "paper", *QUARTER).end()
    assert code == 2
    assert "a terminal cannot show html" in told
    assert "add --output paper.html, or --format markdown" in told
    assert "<html" not in told
    assert "## A. What is live" in sent(two.folder, 80, "paper", *QUARTER, "--format", "markdown")


@pytest.mark.parametrize("format_", PAPER_FORMATS, ids=lambda each: each.name)
def test_who_waits_is_told_how_far_it_is(format_: Format[PaperRenderer]) -> None:
    """Of every format: more and more rows, up to all that the tables have, are done."""
    register = load(TWO_FORCES).register
    assert register is not None
    made = paper(register, QueryDates(date(2026, 6, 30)))
    heard: list[tuple[int, int]] = []
    format_.load()(made, RenderContext("two-forces.toml"), lambda *told: heard.append(told))
    rows = sum(len(shown.table.rows) for section in made.sections for shown in section.tables)
    assert rows > 20
    assert {of for _, of in heard} == {rows}
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert heard[-1] == (rows, rows)
    assert len(heard) > 5


def test_formats_of_the_paper(two: Soc) -> None:
    """What stands for no format is refused, and the remedy says which do."""
    refused = two("paper", *QUARTER, "--output", "paper.pdf", code=2)
    assert "use .html, .docx, .md, or say it with --format" in refused.err
    assert not (two.folder / "paper.pdf").exists()
    assert "use one of html, docx, markdown" in two("paper", "--format", "pdf", code=2).err
    two("paper", *QUARTER, "--output", "paper.htm")
    assert (two.folder / "paper.htm").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    two("paper", *QUARTER, "--output", "paper", "--format", "markdown")
    assert (two.folder / "paper").read_text(encoding="utf-8").startswith("# ")


def test_the_register_is_never_written_over(two: Soc) -> None:
    """No paper takes the place of the register that it is made from."""
    before = (two.folder / "recommendations.toml").read_bytes()
    refused = two("paper", "--format", "html", "--output", "recommendations.toml", code=5)
    assert "would overwrite the register" in refused.err
    assert (two.folder / "recommendations.toml").read_bytes() == before


def test_an_empty_register(soc: Soc) -> None:
    """A register that holds nothing has a paper that says so, section by section."""
    soc.write("format = 1\n")
    page = page_of(soc, "--as-of", AS_OF)
    assert "0 items are live" in page.text
    assert "No grade is on record." in page.text
    assert set(page.tables) == {"figures"}
    assert page.headings[0] == (1, "What inspections asked for")


@pytest.mark.parametrize("day", ["0001-01-01", "0001-02-03", "9999-12-31"])
def test_the_ends_of_the_calendar(shipped: Soc, day: str) -> None:
    """The first and the last days have papers too: of nothing, and of everything."""
    page = page_of(shipped, "--as-of", day)
    assert ("27 items are live" in page.text) == (day == "9999-12-31")
    assert ("0 items are live" in page.text) == (day != "9999-12-31")
    assert ("Only the last 600 months are here;" in page.text) == (day == "9999-12-31")


def tables_of(made: Paper) -> dict[str, TableWithChart]:
    """The tables of a paper by the keys of their tables, no key twice."""
    every = [e for section in made.sections for e in section.tables]
    found = {each.table.key: each for each in every}
    assert len(found) == len(every)
    return found


def values_of(shown: TableWithChart, column: str) -> list[Value]:
    """The values of a column."""
    return [*map(shown.table.column(column).value, shown.table.rows)]


def numbers(shown: TableWithChart, column: str) -> list[int]:
    """The numbers of a column."""
    values = values_of(shown, column)
    return [value for value in values if isinstance(value, int)]


def headlines(made: Paper) -> list[int]:
    """The headline figures, in their order."""
    return [each.number for section in made.sections for each in section.headlines]


def tracked(rows: Rows, day: date, known: date | None) -> Iterator[tuple[str, Row]]:
    """What the oracle tracks on a day, with its kind."""
    kinds = {finding["id"]: finding["kind"] for finding in rows["findings"]}
    for item in oracle.items(rows, day, known):
        kind = kinds[item["finding"]]
        assert isinstance(kind, str)
        if item["status"] is not None:
            yield kind, item


@given(rows=plain_registers(), data=st.data())
@settings(max_examples=examples(200))
def test_every_total_adds_up_to_a_replay(rows: Rows, data: st.DataObject) -> None:
    """Headlines, bodies, A, D, the figures and the last month agree with each other and the oracle.

    Nothing is counted twice, and no table leaves out what another counts.
    """
    days = st.sampled_from(telling_days(rows))
    since, until = sorted((data.draw(days), data.draw(days)))
    until += A_DAY
    known = data.draw(st.sampled_from([None, *telling_days_of_record(rows)]))
    made = paper(register_of(rows), QueryDates(until, known, since=since))
    shown = tables_of(made)
    items = [*tracked(rows, until, known)]
    live = [(kind, item) for kind, item in items if item["status"] in LIVE]
    overdue = {str(item["id"]) for _, item in items if item["overdue"]}

    assert headlines(made)[:2] == [len(live), len(overdue)]
    by_kind = Counter(kind for kind, _ in live)
    for table, kind in zip(("causes", "recommendations", "areas"), KINDS, strict=False):
        ids = values_of(shown[table], "id")
        assert sorted(map(str, ids)) == sorted(str(i["id"]) for k, i in live if k == kind)
        assert len(ids) == by_kind[kind]
    past = values_of(shown["overdue"], "id")
    assert sorted(map(str, past)) == sorted(overdue)

    bodies = shown["bodies"]
    assert bodies.sums is not None
    sums = {column.key: column.value(bodies.sums) for column in bodies.table.columns}
    statuses = Counter(str(item["status"]).replace("-", "_") for _, item in items)
    for column in ("open", "in_progress", "done", "signed_off", "closed"):
        assert sum(numbers(bodies, column)) == sums[column]
        assert sums[column] == statuses[column]
    assert sum(numbers(bodies, "all")) == sums["all"] == len(items)
    assert sum(numbers(bodies, "overdue")) == sums["overdue"] == len(overdue)

    named, counted = (values_of(shown["figures"], column) for column in ("figure", "all"))
    figures = dict(zip(named, counted, strict=True))
    assert (figures["live_now"], figures["overdue_now"]) == (len(live), len(overdue))
    if items:
        last = [values_of(shown["trend"], column)[-1] for column in ("all", "overdue")]
        assert last == [len(items), len(overdue)]
    # What ended and was reopened after that is a figure, and no progress.
    ended = headlines(made)[5]
    of = {name: value if isinstance(value, int) else 0 for name, value in figures.items()}
    already = {str(i["id"]) for _, i in tracked(rows, since, known) if i["status"] in ENDED}
    now = {str(i["id"]) for _, i in items if i["status"] in ENDED}
    assert len(now - already) <= ended <= -(of["signed_off"] + of["closed"])
    assert of["reopened"] or ended == -(of["signed_off"] + of["closed"])


def test_a_body_is_counted_once_as_inadequate(soc: Soc) -> None:
    """A body inadequate on two questions is one body; one that has become good is none."""
    grade = '\n[[grades]]\ninspection = "{}"\nbody = "{}"\nquestion = "{}"\ngrade = "{}"\n'
    later = '\n[[inspections]]\nid = "later"\ntitle = "L"\ninspectorate = "HMICFRS"\n'
    later += "published = 2025-06-01\n"
    soc.write(SMALL + grade.format("soc-2024", "norfolk", "Another question", "inadequate"))
    assert (
        "1 body whose latest grade on a question is inadequate"
        in page_of(soc, "--as-of", AS_OF).text
    )
    cured = grade.format("later", "norfolk", "Tackling organised crime", "good")
    soc.write(SMALL + later + cured)
    assert "0 bodies whose latest grade is inadequate" in page_of(soc, "--as-of", AS_OF).text


def test_the_day_after_the_deadline(soc: Soc) -> None:
    """D is empty on the deadline day, and holds the item on the day after it."""
    soc.write(SMALL)
    assert "overdue" not in page_of(soc, "--as-of", "2025-01-01").tables
    page = page_of(soc, "--as-of", str(date(2025, 1, 1) + timedelta(days=1)))
    assert [row[0] for row in page.tables["overdue"][1:]] == ["r1"]
    assert dict(zip(*page.tables["overdue"], strict=True))["Days past"] == "1"
