"""What characters mean: which of them nobody sees, and which spellings of a text are the same.

A register must not contain the unseen ones, because a text could then differ from what it seems.
They are those that Unicode says a program may draw as nothing (Default_Ignorable_Code_Point,
DerivedCoreProperties.txt of Unicode 14.0), less the joiners and variation selectors without which
some scripts and emoji cannot be written, and besides the controls, the separators of lines and
paragraphs, the marks of annotations, and the signs whose drawing is empty.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
"""What a terminal obeys: all of C0 and C1 but tabs and line ends."""

_DRAWN_AS_NOTHING = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_EMPTY = "\u2800\U00013441\U00013442\U00016fe4\U0001d159"
"""The braille cell without dots, two blanks of hieroglyphs, a filler of Khitan, no note's head."""

UNSEEN = f"{CONTROLS}\u2028\u2029\ufff9-\ufffb{_DRAWN_AS_NOTHING}{_EMPTY}"
"""All of them, as a class of a pattern."""

JOINERS = "\u200c\u200d"
"""What tells letters, or the parts of an emoji, to join or not to."""

HIDDEN = re.compile(f"[{UNSEEN}]|\r(?!\n)")
"""Any of them in a text, and a carriage return that ends no line."""

ID_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
"""What an id looks like: lower-case words and numbers, joined by single hyphens."""

_ONE_OF_A_KIND = (
    ("'", "`´ʹʻʼʽˈ‘’‚‛′‵՚ꞌ＇"),  # noqa: RUF001  # they are listed because they look alike
    ('"', "“”„‟″‶＂"),  # noqa: RUF001  # the same
    ("-", "‐‑‒–—―⁃−֊﹘﹣－"),  # noqa: RUF001  # the same
)


def normalise(text: str) -> str:
    """Return the form in which two spellings of the same words are equal.

    Everything that compares names or searches text compares this form: Unicode's form NFC, one
    case, single spaces and none at the ends, and one kind each of apostrophe, quotation mark and
    hyphen. Accents count: "Siân" is not "Sian".
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    return _normalise_letters(text)


@lru_cache(maxsize=256)  # the names of a few owners come back with every item
def _normalise_letters(text: str) -> str:
    text = unicodedata.normalize("NFC", text).casefold()
    for mark, others in _ONE_OF_A_KIND:
        for other in others:  # str.translate takes ten times as long
            text = text.replace(other, mark)
    return " ".join(unicodedata.normalize("NFC", text).split())
