"""What merging does with each record of two copies: kept once, taken over, or left to a person."""

from __future__ import annotations

import tomllib

import pytest

from socwatch.store.merge import Merged, NotMergeable, Why, merge, split

HEAD = "# A register.\nformat = 1\n"
FINDING = '\n[[findings]]\nid = "r1"\nsummary = "Train every officer."\n'
OTHER = '\n[[findings]]\nid = "r2"\nsummary = "Share intelligence."\n'
EDITED = FINDING.replace("Train every", "Train each")
UPDATE = '\n[[updates]]\nid = "u-1"\nfinding = "r1"\nrecorded = 2026-01-01T09:00:00Z\n'
GRADE = '\n[[grades]]\ninspection = "i"\nbody = "b"\nquestion = "q"\ngrade = "good"\n'
RESPONSE = '\n[[responses]]\ninspection = "i"\nbody = "b"\n'


def merged(ours: str, theirs: str, base: str | None = None) -> Merged:
    """Merge the texts of two registers, with the one that both began from if there is one."""
    texts = (ours, theirs, base)
    return merge(*(split(t, tomllib.loads(t)) if t is not None else None for t in texts))  # type: ignore[arg-type]  # only the base may be missing


def test_edit_on_one_side_is_taken() -> None:
    """A record that one side edited is taken from that side, and nothing is left to decide."""
    both = HEAD + FINDING + OTHER
    for ours, theirs in ((HEAD + EDITED + OTHER, both), (both, HEAD + EDITED + OTHER)):
        made = merged(ours, theirs, both)
        assert made.text() == HEAD + EDITED + OTHER
        assert not made.conflicts
        assert not made.news


def test_edit_on_both_sides_is_left_to_a_person() -> None:
    """A record that both sides edited differently stands between marks, whole, on both sides."""
    theirs = FINDING.replace("officer", "officer and clerk")
    made = merged(HEAD + EDITED + OTHER, HEAD + theirs + OTHER, HEAD + FINDING + OTHER)
    (conflict,) = made.conflicts
    assert conflict.why is Why.EDITED
    marked = made.text(ours="HEAD", theirs="ann")
    assert f"<<<<<<< HEAD\n{EDITED}=======\n{theirs}>>>>>>> ann: {Why.EDITED.value}\n" in marked
    assert marked.endswith(OTHER)
    assert marked.count(OTHER) == 1


def test_record_added_on_both_sides() -> None:
    """Records of one id that differ are left to a person; equal ones are there once."""
    made = merged(HEAD + FINDING, HEAD + EDITED, HEAD)
    assert [each.why for each in made.conflicts] == [Why.ADDED]
    made = merged(HEAD + FINDING, HEAD + EDITED)
    assert [each.why for each in made.conflicts] == [Why.DIFFERS]
    assert merged(HEAD + FINDING, HEAD + FINDING).text() == HEAD + FINDING


def test_same_record_written_twice_stays_as_it_was_recorded_first() -> None:
    """A record that both sides have, written at two times, is there once: the earlier one."""
    later = UPDATE.replace("09:00", "10:00") + 'change = "c-0123456789ab"\n'
    for ours, theirs in ((UPDATE, later), (later, UPDATE)):
        made = merged(HEAD + FINDING + ours, HEAD + FINDING + theirs)
        assert made.text() == HEAD + FINDING + UPDATE
        assert not made.conflicts


def test_update_changed_is_left_to_a_person() -> None:
    """An update is never changed or removed: where one side did, a person decides."""
    base = HEAD + FINDING + UPDATE
    for theirs in (base.replace('"r1"\nrec', '"r2"\nrec'), HEAD + FINDING):
        made = merged(base, theirs, base)
        assert [each.why for each in made.conflicts] == [Why.UPDATE]
        assert UPDATE in made.text()


def test_removed_record() -> None:
    """With a base, a record removed on one side goes, but not if the other side edited it."""
    base = HEAD + FINDING + OTHER
    assert merged(base, HEAD + OTHER, base).text() == HEAD + OTHER
    made = merged(HEAD + EDITED + OTHER, HEAD + OTHER, base)
    assert [each.why for each in made.conflicts] == [Why.REMOVED]
    assert EDITED in made.text()


def test_without_base_nothing_counts_as_removed() -> None:
    """Without the common beginning, a record that one side lacks is new on the other."""
    made = merged(HEAD + OTHER, HEAD + FINDING + OTHER)
    assert made.text() == HEAD + FINDING + OTHER
    assert [piece.key[0] for piece in made.news] == ["findings"]


@pytest.mark.parametrize("record", [GRADE, RESPONSE], ids=["grade", "response"])
def test_record_without_an_id(record: str) -> None:
    """A record without an id is there once if both sides have it, and kept if one has it."""
    assert merged(HEAD + FINDING + record, HEAD + FINDING + record).text().count(record) == 1
    assert merged(HEAD + FINDING, HEAD + FINDING + record).text() == HEAD + FINDING + record


def test_grade_of_one_question_differs() -> None:
    """Two grades of one body on one question of a report are one record edited, not two."""
    made = merged(HEAD + GRADE, HEAD + GRADE.replace("good", "adequate"))
    assert [each.key[0] for each in made.conflicts] == ["grades"]


def test_comments_of_both_sides_stay() -> None:
    """Comments that only one side has, above a record, beside a value or at the top, all stay."""
    ours = HEAD + "\n# Ann: agreed." + FINDING
    theirs = "# A register.\n# Ben keeps it.\nformat = 1\n" + FINDING.replace(
        '"r1"', '"r1" # first of nine'
    )
    text = merged(ours, theirs).text()
    for comment in ("# Ann: agreed.", "# Ben keeps it.", "# first of nine", "# A register."):
        assert text.count(comment) == 1, comment
    assert tomllib.loads(text) == tomllib.loads(ours)


def test_head_differs() -> None:
    """A value above the records that both sides set differently is left to a person."""
    made = merged(HEAD + FINDING, HEAD + "responses_from = 2021-01-01\n" + FINDING)
    assert len(made.conflicts) == 1
    assert "responses_from" in made.text()


def test_line_separators_inside_texts() -> None:
    """A text with a character that some programs take for a line's end is copied as it is."""
    odd = FINDING.replace("every officer", "every\x85officer\u2028now")
    assert merged(HEAD + odd, HEAD + odd + OTHER).text() == HEAD + odd + OTHER


def test_header_inside_a_text() -> None:
    """A line inside a text of several lines that looks like a header begins no record."""
    odd = '\n[[findings]]\nid = "r1"\nsummary = """\n[[updates]]\nid = "x"\n"""\n'
    made = merged(HEAD + odd, HEAD + odd + OTHER)
    assert made.text() == HEAD + odd + OTHER
    assert len(made.pieces) == 3


def test_quoted_header() -> None:
    """A header may have its name in quotes, and blanks."""
    odd = FINDING.replace("[[findings]]", '[[ "findings" ]]  # nine of them')
    assert len(merged(HEAD + odd, HEAD + odd).pieces) == 2


def test_records_in_one_list() -> None:
    """A register that writes its records as one list cannot be merged record by record."""
    with pytest.raises(NotMergeable):
        merged(HEAD + 'updates = [{ id = "u-1" }]\n', HEAD)


def test_last_line_without_an_end() -> None:
    """A copy whose last line has no end is merged as if it had one."""
    text = (HEAD + FINDING).rstrip("\n")
    assert merged(text, HEAD + FINDING + OTHER).text() == HEAD + FINDING + OTHER
