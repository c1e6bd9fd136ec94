"""What people mean by what they type: ids, names, parts of them, finding@body."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle import Row, Rows
from socwatch.errors import Ambiguous, LookupFailed, NotFound
from socwatch.lookup import find_any, find_body, find_inspection, find_item
from socwatch.records import Body, Finding, Inspection, Register, natural_order
from socwatch.rules import find_problems
from socwatch.tracking import replay
from strategies import plain_registers, register_of


def body(name: str, full_name: str, *aliases: str, kind: str = "force") -> Row:
    """A body."""
    return {"id": name, "name": full_name, "kind": kind, "aliases": list(aliases)}


def finding(name: str, *bodies: str, aliases: tuple[str, ...] = ()) -> Row:
    """An area for improvement, for West Mercia if no body is named."""
    return {
        "id": name,
        "inspection": "soc-west-midlands-2024",
        "bodies": list(bodies or ("west-mercia",)),
        "kind": "area-for-improvement",
        "summary": "What it asks for.",
        "aliases": list(aliases),
    }


def register(*findings: Row) -> Register:
    """A register with the bodies of the West Midlands, two reports and these findings."""
    rows: Rows = {
        "format": 1,
        "bodies": [
            body("west-midlands-region", "West Midlands", kind="region"),
            body("rocu-wm", "ROCU for the West Midlands", "ROCUWM", kind="regional-unit"),
            body("west-midlands", "West Midlands Police", "WMP"),
            body("west-mercia", "West Mercia Police", "West Mercia"),
            body("staffordshire", "Staffordshire Police", "Staffs", "Rocky"),
            body("warwickshire", "Warwickshire Police", "Warks"),
        ],
        "inspections": [
            {
                "id": "soc-west-midlands-2024",
                "title": "An inspection of the West Midlands",
                "inspectorate": "HMICFRS",
                "published": date(2024, 5, 14),
            },
            {
                "id": "peel-2018",
                "title": "PEEL: police effectiveness 2017",
                "inspectorate": "HMICFRS",
                "published": date(2018, 3, 22),
            },
        ],
        "findings": list(findings),
    }
    made = register_of(rows)
    assert list(find_problems(made)) == []
    return made


WMP = register(
    finding("wmp-soc-2024"),
    *(finding(f"wmp-soc-2024-r{number}") for number in (10, 9, 2, 1)),
    finding("plans", "staffordshire", "warwickshire", "west-mercia", aliases=("4P plans",)),
    finding("regional", "west-midlands-region", "west-midlands", "west-mercia"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("west-mercia", "west-mercia"),
        ("WEST-MERCIA", "west-mercia"),
        ("  west-mercia ", "west-mercia"),
        ("West Mercia", "west-mercia"),
        ("west mercia police", "west-mercia"),
        ("west-me", "west-mercia"),
        ("wmp", "west-midlands"),
        ("west-midlands", "west-midlands"),
        ("West Midlands", "west-midlands-region"),
        ("rocuwm", "rocu-wm"),
        ("rocu for", "rocu-wm"),
        ("st", "staffordshire"),
        ("wark", "warwickshire"),
        ("war", "warwickshire"),
        ("rocu", "rocu-wm"),
        ("rock", "staffordshire"),
        ("mercia", "west-mercia"),
        ("ffordshire pol", "staffordshire"),
        ("west\u2011mercia", "west-mercia"),
        ("West\u00a0 Mercia", "west-mercia"),
    ],
)
def test_a_body_goes_by_id_name_alias_or_a_part_of_one(text: str, found: str) -> None:
    """An id comes before other names, and a whole one of either before a part, in any spelling."""
    assert find_body(WMP, text).id == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("soc-west-midlands-2024", "soc-west-midlands-2024"),
        ("soc", "soc-west-midlands-2024"),
        ("peel: police effectiveness 2017", "peel-2018"),
        ("PEEL", "peel-2018"),
        ("an inspection of", "soc-west-midlands-2024"),
    ],
)
def test_an_inspection_goes_by_id_or_title(text: str, found: str) -> None:
    """A report is found by its id or its title, or by how one of them begins."""
    assert find_inspection(WMP, text).id == found


@pytest.mark.parametrize(
    ("text", "found", "bodies"),
    [
        ("wmp-soc-2024", "wmp-soc-2024", ("west-mercia",)),
        ("wmp-soc-2024-r1", "wmp-soc-2024-r1", ("west-mercia",)),
        ("wmp-soc-2024-r9", "wmp-soc-2024-r9", ("west-mercia",)),
        ("wmp-soc-2024-r9@west-mercia", "wmp-soc-2024-r9", ("west-mercia",)),
        ("plans", "plans", ("staffordshire", "warwickshire", "west-mercia")),
        ("pl", "plans", ("staffordshire", "warwickshire", "west-mercia")),
        ("4p PLANS", "plans", ("staffordshire", "warwickshire", "west-mercia")),
        ("4p", "plans", ("staffordshire", "warwickshire", "west-mercia")),
        ("plans@warwickshire", "plans", ("warwickshire",)),
        ("PL@Warks", "plans", ("warwickshire",)),
        ("4P plans @ west", "plans", ("west-mercia",)),
        ("plans@w", None, ("warwickshire", "west-mercia")),
        ("regional@west-midlands", "regional", ("west-midlands",)),
        ("regional@west midlands", "regional", ("west-midlands-region",)),
        ("regional@west-mid", None, ("west-midlands", "west-midlands-region")),
    ],
)
def test_an_item_is_a_finding_for_its_bodies_or_for_one(
    text: str, found: str | None, bodies: tuple[str, ...]
) -> None:
    """A finding alone means all of its bodies; finding@body means one, and only of its own."""
    if found is None:
        with pytest.raises(Ambiguous) as refused:
            find_item(WMP, text)
        assert f"could be any of {len(bodies)}: {', '.join(bodies)}" in str(refused.value)
    else:
        of_items, meant = find_item(WMP, text)
        assert (of_items.id, meant) == (found, bodies)


def test_a_whole_id_is_never_ambiguous() -> None:
    """r1 is r1, though r10 begins with it; r on its own could be any of four, r2 before r10."""
    assert find_item(WMP, "wmp-soc-2024-r1")[0].id == "wmp-soc-2024-r1"
    with pytest.raises(Ambiguous) as refused:
        find_item(WMP, "wmp-soc-2024-r")
    listed = ", ".join(f"wmp-soc-2024-r{number}" for number in (1, 2, 9, 10))
    assert str(refused.value) == f"'wmp-soc-2024-r' could be any of 4: {listed}"
    assert refused.value.exit_code == 4
    assert "type more" in refused.value.remedy


def test_a_whole_alias_comes_before_the_beginning_of_an_id() -> None:
    """An alias means what it was written for, even where ids begin with it."""
    findings = register(
        finding("analysts", aliases=("wmp",)), finding("wmp-a"), finding("wmp-b", aliases=("ana",))
    )
    assert find_item(findings, "wmp")[0].id == "analysts"
    assert find_item(findings, "ana")[0].id == "wmp-b"
    assert find_item(findings, "anal")[0].id == "analysts"
    with pytest.raises(Ambiguous):
        find_item(findings, "wmp-")


@pytest.mark.parametrize(("number", "rest"), [(12, ""), (13, "and 1 more"), (40, "and 28 more")])
def test_many_matches_are_counted_and_the_first_twelve_listed(number: int, rest: str) -> None:
    """However many things a text could mean, their number is right and the list is short."""
    findings = register(*(finding(f"r{place}") for place in range(number, 0, -1)))
    with pytest.raises(Ambiguous) as refused:
        find_item(findings, "r")
    message = str(refused.value)
    assert f"could be any of {number}: r1, r2, r3," in message
    assert "r12" in message
    assert "r13" not in message
    assert message.endswith(rest or "r12")


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("westmercia", "west-mercia"),
        ("west-merica", "west-mercia"),
        ("stafordshire", "staffordshire"),
        ("wmp-soc-2024-r22", "wmp-soc-2024-r2"),
        ("wpm-soc-2024-r9", "wmp-soc-2024-r9"),
        ("plan's", "plans"),
        ("soc-westmidlands-2024", "soc-west-midlands-2024"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(text: str, nearest: str) -> None:
    """What is nearly the name of a thing is answered with the id of that thing, to type instead."""
    with pytest.raises(NotFound) as refused:
        find_any(WMP, text)
    assert repr(text) in str(refused.value)
    assert refused.value.exit_code == 4
    assert refused.value.remedy.startswith("did you mean ")
    suggested = refused.value.remedy.removeprefix("did you mean ").removesuffix("?").split(" or ")
    assert nearest in suggested
    assert len(suggested) == len(set(suggested)) <= 3
    assert all(find_any(WMP, each) for each in suggested)


def test_an_alias_nearly_typed_suggests_the_id() -> None:
    """A slip in another name is answered with the id of what goes by it."""
    with pytest.raises(NotFound) as refused:
        find_body(WMP, "Stafs")
    assert refused.value.remedy == "did you mean staffordshire?"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("zzzzzz", "finding, body or inspection 'zzzzzz'"),
        ("", "finding, body or inspection ''"),
        ("   ", "finding, body or inspection '   '"),
        ("@", "finding ''"),
        ("@west-mercia", "finding ''"),
        ("plans@", "body of plans ''"),
        ("plans@ ", "body of plans ' '"),
        ("plans@zzzzzz", "body of plans 'zzzzzz'"),
        ("plans@west-midlands", "body of plans 'west-midlands'"),
        ("west-mercia@plans", "finding 'west-mercia'"),
        ("plans@warks@west", "body of plans 'warks@west'"),
    ],
)
def test_what_names_nothing_is_said_not_to(text: str, what: str) -> None:
    """Nothing is guessed from no text, an unlike name, or a body that a finding is not about."""
    with pytest.raises(LookupFailed) as refused:
        find_any(WMP, text)
    assert f"there is no {what} in the register" in str(refused.value)
    assert refused.value.exit_code == 4


def test_a_name_like_no_other_suggests_where_to_look() -> None:
    """Where nothing is near, nothing is suggested but the list of all there is."""
    with pytest.raises(NotFound) as refused:
        find_any(WMP, "zzzzzz")
    assert refused.value.remedy == "see: socwatch list"


def test_each_way_to_ask_knows_its_own_things() -> None:
    """A body is no finding and no inspection, unless anything at all is asked for."""
    assert isinstance(find_any(WMP, "warks")[0], Body)
    assert isinstance(find_any(WMP, "peel-2018")[0], Inspection)
    found, bodies = find_any(WMP, "plans")
    assert isinstance(found, Finding)
    assert bodies == ("staffordshire", "warwickshire", "west-mercia")
    assert find_any(WMP, "warks")[1] == ()
    assert find_any(WMP, "plans@staffs") == (found, ("staffordshire",))
    for find in (find_item, find_inspection):
        with pytest.raises(NotFound):
            find(WMP, "warks")
    with pytest.raises(NotFound, match="there is no body 'plans'"):
        find_body(WMP, "plans")


def test_a_beginning_may_fit_things_of_different_sorts() -> None:
    """What could be a finding or a body is an error that lists both, and neither is taken."""
    mixed = register(finding("warwickshire-plans"))
    with pytest.raises(Ambiguous) as refused:
        find_any(mixed, "warw")
    assert "any of 2: warwickshire, warwickshire-plans" in str(refused.value)
    assert find_any(mixed, "warwickshire")[0] == find_body(mixed, "warw")


@given(rows=plain_registers(updated=False))
def test_every_id_that_is_shown_finds_its_item(rows: Rows) -> None:
    """The id in a listing, typed back, means that item and no other."""
    made = register_of(rows)
    shown = [item.id for item in replay(made, date(2040, 1, 1))]
    assert len(set(shown)) == len(shown)
    for item in replay(made, date(2040, 1, 1)):
        assert find_item(made, item.id) == (item.finding, (item.body.id,))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("wmp-r1", "wmp-r1"),  # the id, though a label and parts of other ids are the same
        ("8929", "cause"),  # a label, before the part of an id
        ("two plans", "wmp-2024-r10"),  # an alias
        ("r10", "wmp-2024-r10"),  # whole parts of an id, before the beginning of one
        ("2024-r2", "wmp-2024-r2"),
        ("r2", "wmp-2024-r2"),
        ("2024", ("wmp-2024-r2", "wmp-2024-r10")),
        ("wmp", ("wmp-2024-r2", "wmp-2024-r10", "wmp-r1")),
        ("024-r2", "wmp-2024-r2"),  # any part
        ("r10x-8", "r10x-8929-x"),
        ("r1", ("lpp-r1", "wmp-r1")),
        ("ca", "cause"),  # a beginning, before a part inside
        ("plan", ("wmp-2024-r10", "lpp-r1")),  # two beginnings of aliases
        ("\u2019s plan", "lpp-r1"),
    ],
)
def test_the_first_step_that_finds_anything_decides(text: str, found: str | tuple[str]) -> None:
    """The id, then a label or an alias, then whole parts of an id, a beginning, any part.

    Two finds in the step that decides are an error that lists both, r2 before r10.
    """
    findings = register(
        finding("wmp-r1"),
        finding("wmp-2024-r10", aliases=("two plans", "plan a")),
        finding("wmp-2024-r2"),
        finding("lpp-r1", aliases=("plan's plan",)),
        finding("r10x-8929-x"),
        {**finding("cause", aliases=("the scan",)), "label": "8929"},
    )
    if isinstance(found, str):
        assert find_item(findings, text)[0].id == found
        return
    with pytest.raises(Ambiguous) as refused:
        find_item(findings, text)
    listed = ", ".join(sorted(found, key=natural_order))
    assert str(refused.value) == f"{text!r} could be any of {len(found)}: {listed}"
    assert refused.value.exit_code == 4


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Heddlu Môn", unicodedata.normalize("NFD", "heddlu môn")),
        (unicodedata.normalize("NFD", "Heddlu Môn"), "Heddlu Môn"),
        ("St John’s", "st john's"),
        ("St John's", "St\u00a0John’s"),
        ("Dyfed–Powys", "dyfed-powys"),
    ],
)
def test_a_name_is_found_in_every_spelling(name: str, typed: str) -> None:
    """A composed letter is a decomposed one, and one apostrophe or hyphen is another."""
    findings = register(finding("it", aliases=(name,)), finding("other", aliases=("Heddlu Mon",)))
    assert find_item(findings, typed)[0].id == "it"
    assert find_item(findings, "heddlu mon")[0].id == "other"


IDS = st.from_regex(r"[ab1]+(-[ab1]+)?", fullmatch=True).filter(lambda name: len(name) < 6)


@given(names=st.lists(IDS, min_size=1, max_size=6, unique=True), text=IDS)
def test_any_unique_part_will_do(names: list[str], text: str) -> None:
    """A text means its id, or else the one with such whole parts, such a beginning, such a part."""
    made = register(*(finding(name) for name in names))
    fitting = (
        [name for name in names if name == text]
        or [name for name in names if text in {*name.split("-"), name}]
        or [name for name in names if name.startswith(text)]
        or [name for name in names if text in name]
    )
    if len(fitting) == 1:
        assert find_item(made, text)[0].id == fitting[0]
    else:
        with pytest.raises(Ambiguous if fitting else NotFound) as refused:
            find_item(made, text)
        assert all(name in str(refused.value) for name in fitting)
