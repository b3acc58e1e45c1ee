"""The console: messages, a progress line, and problems with their remedies."""

from __future__ import annotations

import shutil
import sys
import time


class Problem(Exception):
    """Something is missing or wrong on this machine: a sentence that says what, and a remedy."""

    def __init__(self, sentence: str, remedy: str = ""):
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


def say(text: str = "") -> None:
    """Prints a line, which appears at once even if the output is a file."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Prints a line on the error stream."""
    print(text, file=sys.stderr, flush=True)


class LiveLine:
    """A progress line: changed in place on a terminal, repeated every few seconds in a file."""

    SECONDS_BETWEEN_UPDATES = 0.1
    SECONDS_BETWEEN_LINES_OF_A_FILE = 5.0

    def __init__(self, prefix: str = "  ", stream=None):
        self._prefix = prefix
        self._stream = stream or sys.stdout
        self._in_place = self._stream.isatty()
        self._last_shown = float("-inf")
        self._pending = ""
        self._shown = ""

    def show(self, text: str) -> None:
        """Shows a text, unless it is shown already or the line has just changed."""
        self._pending = " ".join(text.split())
        pause = self.SECONDS_BETWEEN_UPDATES if self._in_place else self.SECONDS_BETWEEN_LINES_OF_A_FILE
        if time.monotonic() - self._last_shown >= pause:
            self._write()

    def close(self, keep: bool = True) -> None:
        """Ends the line, with the last text or, if it is not to be kept, with none."""
        if keep:
            self._write()
        if self._in_place and self._shown:
            self._stream.write("\n" if keep else "\r" + " " * len(self._prefix + self._shown) + "\r")
            self._stream.flush()
        self._pending = self._shown = ""

    def _write(self) -> None:
        if self._pending == self._shown:
            return
        self._last_shown = time.monotonic()
        if self._in_place:
            text = self._pending[:max(10, shutil.get_terminal_size().columns - len(self._prefix) - 1)]
            self._stream.write("\r" + self._prefix + text.ljust(len(self._shown)))
            self._shown = text
        else:
            self._stream.write(self._prefix + self._pending + "\n")
            self._shown = self._pending
        self._stream.flush()
