"""What the words of a spreadsheet mean, each asked once however often it occurs."""

from __future__ import annotations

from typing import Any

from socwatch.characters import normalise
from socwatch.importing.answers import Inquiry, Question


class WordList:
    """The answers about words; a question's path is ("words", what they are about, the word)."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._found: dict[tuple[str, str], Any] = {}

    def ask(self, question: Question) -> Any:  # noqa: ANN401  # what TOML has
        """Return the answer about a word; None if there is none yet."""
        key = (question.path[1], normalise(question.path[2]))
        if key not in self._found:
            self._found[key] = self._inquiry.ask(question)
        return self._found[key]

    def known(self, about: str, word: str) -> Any:  # noqa: ANN401  # what TOML has
        """Return the answer about a word that was asked for before; None for any other."""
        return self._found.get((about, normalise(word)))
