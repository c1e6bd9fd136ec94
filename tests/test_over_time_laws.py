"""The laws of changes, trend and timeline, on registers that hypothesis makes, by the oracle."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from conftest import examples
from oracle import A_DAY, Row, Rows
from socwatch.records import KINDS, Kind, Status
from socwatch.reports.change_events import Change
from socwatch.reports.changes import changes
from socwatch.reports.table import Report, Value
from socwatch.reports.timeline import timeline
from socwatch.reports.trend import count_on, month_ends, trend
from socwatch.tracking import QueryDates, overdue_since, periods, replay
from strategies import plain_registers, register_of, telling_days, telling_days_of_record

ENDED = {"signed-off", "closed"}
LIVE = {"open", "in-progress", "done"}
KIND_KEYS = {
    "all": {"cause-of-concern", "recommendation", "area-for-improvement"},
    "causes_of_concern": {"cause-of-concern"},
    "recommendations": {"recommendation"},
    "areas_for_improvement": {"area-for-improvement"},
}
FAR = date(2099, 12, 31)


def values(report: Report, key: str) -> list[dict[str, Value]]:
    """The values of a table of a report, a dictionary a row."""
    (table,) = (table for table in report.tables if table.key == key)
    return [{c.key: c.value(row) for c in table.columns} for row in table.rows]


def number_of(value: Value) -> int:
    """A value that is a number."""
    assert isinstance(value, int)
    return value


def kind_of(rows: Rows, item: Row) -> str:
    """The kind of an item's finding."""
    (kind,) = (f["kind"] for f in rows["findings"] if f["id"] == item["finding"])
    assert isinstance(kind, str)
    return kind


@st.composite
def spans(draw: st.DrawFn, rows: Rows) -> tuple[date, date, date | None]:
    """Two telling days in order, and a day of record or none."""
    days = st.sampled_from(telling_days(rows))
    first, last = sorted((draw(days), draw(days)))
    known = draw(st.sampled_from([None, *telling_days_of_record(rows)]))
    return first, last + A_DAY, known


@given(rows=plain_registers(), data=st.data())
@settings(max_examples=examples(300))
def test_figures_add_up_to_a_replay_of_both_days(rows: Rows, data: st.DataObject) -> None:
    """Live then, and what came, less what went, is live now, for each kind, and so is overdue.

    Both ends are what the oracle counts on those days, and what the register said on the first.
    """
    since, until, known = data.draw(spans(rows))
    report = changes(register_of(rows), QueryDates(until, known, since=since))
    figures = {str(row["figure"]): row for row in values(report, "figures")}
    then, now = oracle.items(rows, since, known), oracle.items(rows, until, known)
    said = oracle.items(rows, since, min(since, known or since))
    for key, kinds in KIND_KEYS.items():

        def counted(items: list[Row], statuses: set[str], kinds: set[str] = kinds) -> int:
            return sum(i["status"] in statuses and kind_of(rows, i) in kinds for i in items)

        def overdue(items: list[Row], kinds: set[str] = kinds) -> int:
            return sum(i["overdue"] and kind_of(rows, i) in kinds for i in items)

        figure = {name: number_of(row[key]) for name, row in figures.items()}
        live = [figure[n] for n in ("live_then", "new", "reopened", "signed_off", "closed")]
        past = [figure[n] for n in ("overdue_then", "overdue_new", "overdue_gone")]
        assert figure["live_then"] == counted(then, LIVE)
        assert figure["live_now"] == counted(now, LIVE) == sum(live)
        assert figure["overdue_then"] == overdue(then)
        assert figure["overdue_now"] == overdue(now) == sum(past)
    assert figures["live_then"]["said_then"] == sum(i["status"] in LIVE for i in said)
    assert figures["overdue_then"]["said_then"] == sum(i["overdue"] for i in said)
    assert figures["live_now"]["said_then"] is None


@given(rows=plain_registers(), data=st.data())
@settings(max_examples=examples(200))
def test_figures_count_the_changes_that_are_listed(rows: Rows, data: st.DataObject) -> None:
    """What came and what went in the figures are the rows of the list, of what has a status."""
    since, until, known = data.draw(spans(rows))
    report = changes(register_of(rows), QueryDates(until, known, since=since))
    figures = {row["figure"]: row["all"] for row in values(report, "figures")}
    listed = [r for r in values(report, "rows") if r["kind"] != "innovative-practice"]
    sorts = Counter(row["change"] for row in listed)
    assert figures["new"] == sorts["new"]
    assert figures["signed_off"] == -sorts["signed-off"]
    assert figures["closed"] == -sorts["closed"]
    assert figures["overdue_new"] == sorts["overdue"]
    reopened = [r for r in listed if r["change"] == "reopened" and r["from"] in ENDED]
    assert figures["reopened"] == len(reopened)
    assert "taken-back" not in sorts


@given(rows=plain_registers(), data=st.data())
@settings(max_examples=examples(200))
def test_changes_of_two_spans_are_those_of_the_whole(rows: Rows, data: st.DataObject) -> None:
    """What changed by a day between and what changed since are together what changed."""
    first, last, known = data.draw(spans(rows))
    between = data.draw(st.sampled_from([d for d in telling_days(rows) if first <= d <= last]))
    register = register_of(rows)

    def listed(since: date, until: date) -> Counter[tuple[Value, ...]]:
        if since >= until:
            return Counter()
        found = values(changes(register, QueryDates(until, known, since=since)), "rows")
        keys = ("change", "on", "item", "body", "from", "to", "moves", "update")
        return Counter(tuple(r[k] for k in keys) for r in found if r["change"] != "overdue")

    assert listed(first, between) + listed(between, last) == listed(first, last)


@given(rows=plain_registers(), data=st.data())
@settings(max_examples=examples(200))
def test_recorded_late_is_what_explains_the_difference(rows: Rows, data: st.DataObject) -> None:
    """Where nothing was recorded late about earlier days, the register said then what it says."""
    since, until, known = data.draw(spans(rows))
    report = changes(register_of(rows), QueryDates(until, known, since=since))
    late = values(report, "late")
    if not late:
        for row in values(report, "figures"):
            assert row["said_then"] in (None, row["all"])
    for row in late:
        assert isinstance(row["on"], date)
        assert row["on"] <= since
    assert not any(row["change"] == "new" for row in late)


@given(rows=plain_registers(), data=st.data())
@settings(max_examples=examples(200))
def test_months_equal_a_replay_of_each(rows: Rows, data: st.DataObject) -> None:
    """Whatever days are counted on, each has what the oracle counts on that day alone."""
    since, until, known = data.draw(spans(rows))
    register = register_of(rows)
    tracked = [i for i in replay(register, until, recorded_until=known) if i.status is not None]
    days = [day for day in telling_days(rows) if day <= until]
    days = sorted(data.draw(st.sets(st.sampled_from([since, *days]), min_size=1)))
    counted = count_on(tracked, days)
    for index, day in enumerate(days):
        answer = oracle.items(rows, day, known)
        statuses = Counter(item["status"] for item in answer)
        assert {s.value: n[index] for s, n in counted.by_status.items() if n[index]} == {
            status: number for status, number in statuses.items() if status is not None
        }
        assert counted.overdue[index] == sum(item["overdue"] for item in answer)


@given(rows=plain_registers(), data=st.data())
def test_the_trend_has_every_month(rows: Rows, data: st.DataObject) -> None:
    """A row for the last day of each month from the first publication, the last the day asked."""
    until = data.draw(st.sampled_from(telling_days(rows)))
    report = trend(register_of(rows), QueryDates(until))
    found = [row["on"] for row in values(report, "rows")]
    published = [
        each["published"]
        for each in rows["inspections"]
        if any(
            f["inspection"] == each["id"] and f["kind"] != "innovative-practice"
            for f in rows["findings"]
        )
    ]
    walked = [day for day in _days(min(published), until) if (day + A_DAY).day == 1]
    if not walked or walked[-1] != until:
        walked.append(until)
    assert found == (walked if min(published) <= until else [])
    for row in values(report, "rows"):
        answer = oracle.items(rows, row["on"])  # type: ignore[arg-type]  # it is a date
        assert row["all"] == sum(item["status"] is not None for item in answer)
        assert row["in_progress"] == sum(item["status"] == "in-progress" for item in answer)
        assert row["overdue"] == sum(item["overdue"] for item in answer)


def _days(first: date, last: date) -> list[date]:
    return [first + A_DAY * number for number in range((last - first).days + 1)]


@given(rows=plain_registers(), data=st.data())
def test_periods_tell_every_day(rows: Rows, data: st.DataObject) -> None:
    """They follow each other without a gap, and on each day an item stood as the oracle says."""
    known = data.draw(st.sampled_from([None, *telling_days_of_record(rows)]))
    days = telling_days(rows)
    for item in replay(register_of(rows), days[-1], recorded_until=known):
        if item.status is None:
            continue
        found = list(periods(item))
        assert found[0].first == item.inspection.published
        assert found[-1].last == days[-1]
        assert all(period.first <= period.last for period in found)
        for before, after in pairwise(found):
            assert after.first == before.last + A_DAY
        for day in (day for day in days if day >= item.inspection.published):
            (period,) = (each for each in found if each.first <= day <= each.last)
            (told,) = (i for i in oracle.items(rows, day, known) if i["id"] == item.id)
            state = period.state
            assert (state.status, state.deadline, state.extensions, state.owner) == (
                told["status"], told["deadline"], told["extensions"], told["owner"]
            )  # fmt: skip
            begins = period.overdue_from
            assert told["overdue"] == (begins is not None and begins <= day)


@given(rows=plain_registers(), data=st.data())
def test_overdue_since_is_the_first_day_of_it(rows: Rows, data: st.DataObject) -> None:
    """An item was overdue on every day since, and not on the day before."""
    day = data.draw(st.sampled_from(telling_days(rows)))
    for item in replay(register_of(rows), day):
        since = overdue_since(item)
        assert (since is not None) == item.overdue
        if since is None:
            continue

        def overdue_on(asked: date, name: str = item.id) -> bool:
            return any(i["id"] == name and i["overdue"] for i in oracle.items(rows, asked))

        asked = [d for d in telling_days(rows) if since <= d <= day]
        assert all(map(overdue_on, (since, *asked)))
        assert not overdue_on(since - timedelta(days=1))


@given(rows=plain_registers(), data=st.data())
def test_the_timeline_holds_each_deadline_once(rows: Rows, data: st.DataObject) -> None:
    """Its rows are the items with a deadline; its lanes hold the same days, each lane its own."""
    day = data.draw(st.sampled_from(telling_days(rows)))
    report = timeline(register_of(rows), QueryDates(day))
    dated = [item for item in oracle.items(rows, day) if item["deadline"] is not None]
    assert Counter(row["id"] for row in values(report, "rows")) == Counter(i["id"] for i in dated)
    chart = report.rows.chart
    lanes = [] if chart is None else [lane for _, each in chart.lanes for lane in each]  # type: ignore[union-attr]  # a timeline has lanes
    for label, belongs in (
        ("past", [item for item in dated if item["overdue"]]),
        ("done or ended", [i for i in dated if i["status"] in ENDED | {"done"}]),
        ("to come", [i for i in dated if i["days_left"] is not None and not i["overdue"]]),
    ):
        drawn = [day for lane in lanes if lane.label == label for day in lane.days]
        assert sorted(drawn) == sorted(item["deadline"] for item in belongs)


def test_the_kinds_that_are_counted() -> None:
    """Every kind with a status has its column in the figures, so that their sum is the first."""
    counted = {Kind(kind) for key, kinds in KIND_KEYS.items() if key != "all" for kind in kinds}
    assert counted == {kind for kind, spec in KINDS.items() if spec.tracked}
    assert {Status(word) for word in ENDED | LIVE} == set(Status)
    assert Change.NEW in Change
    assert month_ends([], FAR) == ()
