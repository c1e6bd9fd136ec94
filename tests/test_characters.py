"""Spellings of one text that are one, and the differences that count."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socwatch.characters import normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siân Rhŷs", unicodedata.normalize("NFD", "Siân Rhŷs")),
        ("Siân Rhŷs", "SIÂN RHŶS"),
        ("A. Officer", " a.  officer\n"),
        ("A. Officer", "A.\u00a0Officer"),
        ("A. Officer", "A.\u2009\u202fOfficer"),
        ("O'Brien", "O’Brien"),
        ("O'Brien", "O\u02bcBrien"),
        ("O'Brien", "O\u00b4Brien"),
        ("O'Brien", "O`Brien"),
        ("the “plan”", 'the "plan"'),
        ("Smith-Jones", "Smith\u2010Jones"),
        ("Smith-Jones", "Smith\u2011Jones"),
        ("Smith-Jones", "Smith–Jones"),
        ("Strauß", "STRAUSS"),
        ("ﬁrearms", "Firearms"),
    ],
)
def test_spellings_of_one_text_are_one(one: str, other: str) -> None:
    """Form, case, spaces, apostrophes, quotation marks and hyphens make no other name of one."""
    assert one != other
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siân", "Sian"),
        ("Rhŷs", "Rhys"),
        ("J. Smith", "J. Smithson"),
        ("J. Smith", "J Smith"),
        ("J. Smith", "J.Smith"),
        ("O'Brien", "OBrien"),
        ("Smith-Jones", "Smith Jones"),
        ("R1", "R2"),
    ],
)
def test_what_a_reader_sees_as_another_text_is_another(one: str, other: str) -> None:
    """Accents, letters and full stops count, and so does whether there is a space at all."""
    assert normalise(one) != normalise(other)


@given(text=st.text())
def test_the_form_of_a_text_is_its_own_form(text: str) -> None:
    """Nothing changes when a text is normalised again, composed or decomposed first."""
    form = normalise(text)
    assert normalise(form) == form
    assert normalise(unicodedata.normalize("NFD", text)) == form
    assert normalise(f" {text}\t") == form
    assert "  " not in form


@given(text=st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_fast_way_for_ascii_agrees_with_the_other(text: str) -> None:
    """A text without another letter in it has the form that it has beside one."""
    assert normalise(f"{text} é") == f"{normalise(text)} é".strip()
