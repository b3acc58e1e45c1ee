"""
Executes a notebook in the kernel and shows its progress on the console.

Runs in the virtual environment, which has nbclient: `python -m launcher.execute NOTEBOOK EXECUTED PAGE MATHJAX`.
The exit code is 0 if every cell ran, 1 if a cell failed, 2 if the kernel did not start or died.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from typing import List

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from . import kernel
from .checks import code_cells, first_line
from .console import LiveLine, Problem, complain, say
from .mistakes import INTERRUPTED, reported
from .page import page
from .state import write_atomically


LINES_OF_A_FAILURE = 12

_COLOURS = re.compile("\x1b\\[[0-9;]*m")


class Narrator:
    """Prints which cell is running, its output, and the progress of its training."""

    def __init__(self, cells: List[dict]):
        self._cells = cells
        self._progress = LiveLine(prefix="          ")
        self._current = 0
        self._started = 0.0
        self._unfinished = ""

    def cell_starts(self, cell) -> None:
        self._current = self._cells.index(cell) + 1
        self._started = time.monotonic()
        say(f"  [{self._current:2}/{len(self._cells)}] {first_line(cell.source)}")

    def cell_ends(self) -> None:
        self._print("\n")
        seconds = time.monotonic() - self._started
        if seconds >= 1:
            say(f"          {seconds:.1f} s")

    def message(self, message: dict) -> None:
        """Shows the text in a message from the kernel: printed output, and displays that are updated."""
        content = message["content"]
        if message["msg_type"] == "stream":
            self._print(content["text"])
        elif "display_id" in content.get("transient", {}):
            self._progress.show(content["data"].get("text/plain", ""))

    def failure(self, error: Exception) -> str:
        """The error in words, with the cell in which it occurred."""
        self._print("\n")
        if self._current == 0:
            return f"The kernel did not start: {error}"
        words = _words_of_error(self._cells[self._current - 1])
        return f"Cell {self._current} of {len(self._cells)} failed:\n          {words or error}"

    def _print(self, text: str) -> None:
        """Prints complete lines, which the kernel may send in pieces."""
        self._progress.close()
        *lines, self._unfinished = (self._unfinished + text).split("\n")
        for line in lines:
            if line.strip():
                say("          " + line)


def _words_of_error(cell) -> str:
    """The error that a cell shows: the exception with its stack trace, or the compiler's messages."""
    text = "\n".join(line for output in cell.outputs if output.output_type == "error" for line in output.traceback)
    lines = [line for line in _COLOURS.sub("", text).splitlines() if line.strip("- \t")]
    return "\n          ".join(lines[:LINES_OF_A_FAILURE])


class NarratedClient(NotebookClient):
    """A client that passes every message of the kernel to a narrator."""

    narrator: Narrator

    def process_message(self, msg, cell, cell_index):
        self.narrator.message(msg)
        return super().process_message(msg, cell, cell_index)

    async def _async_cleanup_kernel(self):
        """Skips the second clean-up that nbclient does after Ctrl-C or the death of a kernel, and that fails because the kernel is gone."""
        if self.km is not None:
            await super()._async_cleanup_kernel()


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook", type=Path)
    parser.add_argument("executed", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("mathjax", type=Path, help="the jar of MathJax")
    options = parser.parse_args(arguments)

    notebook = _read(options.notebook)
    try:
        return execute(notebook, options.notebook.parent)
    except KeyboardInterrupt:
        return INTERRUPTED  # the launcher reports it
    finally:  # also after a failure or Ctrl-C, so that the results up to there can be seen
        write_atomically(options.executed, nbformat.writes(notebook) + "\n")
        write_atomically(options.page, page(notebook, options.notebook.stem, options.mathjax, options.notebook.parent))


def _read(file: Path):
    try:
        return nbformat.read(file, as_version=4)
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise Problem(f"{file} is damaged: {first_line(str(error))}.", "Download it again.") from error


def execute(notebook, folder: Path) -> int:
    """Runs all cells of a notebook in its own folder and stores their outputs in the notebook."""
    clear(notebook)
    narrator = Narrator(code_cells(notebook))
    client = NarratedClient(
        notebook, kernel_name=kernel.NAME, timeout=None, record_timing=False, shutdown_kernel="immediate",
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=lambda cell, cell_index: narrator.cell_starts(cell),
        on_cell_executed=lambda cell, cell_index, execute_reply: narrator.cell_ends(),
    )
    client.narrator = narrator
    try:
        client.execute()
    except CellExecutionError as error:
        complain(narrator.failure(error))
        return 1
    except (DeadKernelError, RuntimeError) as error:
        complain(narrator.failure(error))
        return 2
    return 0


def clear(notebook) -> None:
    """Removes old outputs, so that a cell that is not reached shows none."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


if __name__ == "__main__":
    sys.exit(reported(lambda: main(sys.argv[1:])))
