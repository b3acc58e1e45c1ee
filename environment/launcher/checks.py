"""The conditions that an executed notebook must meet to pass."""

from __future__ import annotations

from typing import Iterable, List

WHAT_A_TAG_PROMISES = {
    "figure": ("image/png", "image/svg+xml"),
    "table": ("text/html",),
    "animation": ("text/html",),
    "check": ("text/html",),
    "board": ("text/html",),
    "explorer": ("text/html",),
}
"""From a tag in a cell's metadata to the MIME types of which the cell must show one. A cell tagged `check` shows the table of acceptance criteria;
with the quick settings a result that misses a criterion raises an exception, which fails the notebook."""

RIGHT = "Right."
"""What an exercise says about a right answer. A cell tagged `solution` must show it."""


def shortcomings(notebook: dict) -> List[str]:
    """The problems of an executed notebook, one sentence each; empty if it passes."""
    found = []
    for number, cell in enumerate(code_cells(notebook), start=1):
        place = f"cell {number} ({first_line(source(cell))})"
        found += [f"{place} {what}" for what in _shortcomings_of(cell)]
    return found


def missing(notebook: dict) -> List[str]:
    """What a notebook of this project must contain and this one lacks: a cell that checks its results."""
    return [] if any("check" in tags(cell) for cell in code_cells(notebook)) else ["which has no cell with the tag `check`"]


def _shortcomings_of(cell: dict) -> Iterable[str]:
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            yield f"ends with {output['ename']}: {output['evalue']}"
        if output["output_type"] == "stream" and output["name"] == "stderr":
            yield f"writes to stderr: {first_line(_joined(output['text']))}"
    if "solution" in tags(cell) and not any(_plain_text(output) == RIGHT for output in cell.get("outputs", [])):
        yield f"is tagged `solution` and its answer is not right: {' '.join(_plain_text(output) for output in cell.get('outputs', []))}"
    shown = {mime for output in cell.get("outputs", []) for mime in _shown_by(output.get("data", {}))}
    for tag in tags(cell):
        if tag in WHAT_A_TAG_PROMISES and not shown.intersection(WHAT_A_TAG_PROMISES[tag]):
            yield f"is tagged `{tag}` and shows none"


def _plain_text(output: dict) -> str:
    return _joined(output.get("data", {}).get("text/plain", "")).strip()


def _shown_by(data: dict) -> Iterable[str]:
    """The MIME types of an output; HTML with a picture in it, such as a heat map that shows its values, counts as that picture, too."""
    yield from data
    if "src=\"data:image/png;base64," in _joined(data.get("text/html", "")):
        yield "image/png"


def code_cells(notebook: dict) -> List[dict]:
    """The cells that are executed, in order. Messages number cells by their position in this list, from 1."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and source(cell).strip()]


def tags(cell: dict) -> List[str]:
    return cell.get("metadata", {}).get("tags", [])


def source(cell: dict) -> str:
    return _joined(cell["source"])


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _joined(text) -> str:
    """Joins a text of a notebook file, which is one string or a list of lines."""
    return text if isinstance(text, str) else "".join(text)
