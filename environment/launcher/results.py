"""`lab.py results`: makes the committed results, which the profile LOOK shows, out of what an executed notebook recorded."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from . import npz
from .checks import code_cells, shortcomings, tags
from .console import Problem, complain, say
from .project import Project
from .runner import Runner
from .state import write_atomically

PAPER = "PAPER"
LONG = "LONG"
CARD = "card"
"""The tag of a cell that shows a notebook's result at its top."""
LARGEST_FOLDER = 25_000_000
"""The largest size in bytes of the results of all notebooks together: everybody who clones the project downloads them."""
LARGEST_OF_A_NOTEBOOK = 5_000_000
"""The largest size in bytes of the results of one notebook."""


def recorded(notebook: Path, profile: str) -> Path:
    """The folder in which an execution of a notebook recorded its results."""
    return recording(notebook) / profile


def recording(notebook: Path) -> Path:
    """The folder with what the last successful execution of a notebook recorded, by profile."""
    return notebook.resolve().parent / ".runs" / "results" / notebook.stem


def folder_name(notebook: Path) -> str:
    """The name of a notebook's folder among the results: the number that its name begins with, otherwise its name."""
    number = re.match(r"[0-9]+(?=\D|$)", notebook.stem)
    return number.group() if number else notebook.stem


def make(project: Project, runner: Runner, notebooks: Sequence[Path], profile: str, output: Path) -> bool:
    """
    Puts the recorded results of notebooks into a folder of results and returns whether every notebook can be shown with them alone. The folder changes
    only if that is so.
    """
    files = {notebook: recorded_files(notebook, profile) for notebook in notebooks}
    draft = output.with_name(f".{output.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        if output.is_dir():
            shutil.copytree(output, draft)
        for notebook, own in files.items():
            place = draft / folder_name(notebook)
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            for file in own:
                shutil.copyfile(file, place / file.name)
        drop_what_is_there_twice(draft)
        _check_size(draft, [folder_name(notebook) for notebook in notebooks])
        for notebook in notebooks:
            _tell(notebook, draft / folder_name(notebook))
        shown = {notebook: _shown(project, runner, notebook, draft) for notebook in notebooks}
        if not all(shown.values()):
            complain(f"{output} is unchanged.")
            return False
        _replace(output, draft)
        for notebook, executed in shown.items():
            _update_card(notebook, executed)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    say(f"\n{output} ({_megabytes(size(output))} of at most {_megabytes(LARGEST_FOLDER)})")
    return True


def recorded_files(notebook: Path, profile: str) -> List[Path]:
    """The files that an execution of a notebook recorded; a problem if there are none, or one is damaged or of another profile."""
    folder = recorded(notebook, profile)
    files = sorted(folder.glob("*.npz")) if folder.is_dir() else []
    if not files:
        others = sorted(path.name for path in recording(notebook).glob("*") if path.is_dir())
        raise Problem(f"{notebook.name} has not been executed with the profile {profile} here: {folder} holds no results"
                      f"{', only those of ' + ', '.join(others) if others else ''}.",
                      f"Execute it first: `lab.py run --profile {profile} {'--inplace ' if profile == PAPER else ''}{notebook}`.")
    for file in files:
        made_with = npz.describe(file).get("origin", {}).get("profile")
        if made_with not in (profile, PAPER, LONG):  # or taken over from the committed results
            raise Problem(f"{file} was made with the profile {made_with}, not {profile}.", f"Delete {folder}, and execute the notebook again.")
    return files


def drop_what_is_there_twice(folder: Path) -> None:
    """
    Keeps a result that several notebooks use in the folder of the first of them only. Equal names mean equal settings, seeds and targets, but a run on
    another machine may have other last digits, which what is trained on its result depends on: then a notebook keeps its own.
    """
    first: Dict[str, Path] = {}
    for file in sorted(folder.glob("*/*.npz")):
        shown = first.setdefault(file.name, file)  # to notebooks without a file of their own
        if shown != file and npz.numbers(shown) == npz.numbers(file):
            file.unlink()


def size(folder: Path) -> int:
    """The size in bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _check_size(folder: Path, notebooks: Sequence[str]) -> None:
    """Raises a problem if all results, or those of one of the notebooks, are too large."""
    for place, limit in [(folder, LARGEST_FOLDER), *((folder / notebook, LARGEST_OF_A_NOTEBOOK) for notebook in notebooks)]:
        if size(place) > limit:
            largest = sorted(place.rglob("*.npz"), key=lambda file: -file.stat().st_size)[:3]
            whose = "The results" if place == folder else f"The results of notebook {place.name}"
            raise Problem(f"{whose} take {_megabytes(size(place))}, more than {_megabytes(limit)}; the largest are "
                          + ", ".join(f"{file.parent.name}/{file.name} ({_megabytes(file.stat().st_size)})" for file in largest) + ".",
                          "Replace runs of which only a measure is shown by Results.of(…) in the notebook.")


def _tell(notebook: Path, folder: Path) -> None:
    """Prints what the results of a notebook are, and by how much those that were cut differ from their runs."""
    files = sorted(folder.glob("*.npz"))
    say(f"{notebook.name}: {len(files)} results, {_megabytes(size(folder))}")
    origins = {}
    for file in files:
        description = npz.describe(file)
        origins[json.dumps(description["origin"], sort_keys=True)] = description["origin"]
        if description.get("note"):
            say(f"  {description['name']} ({_megabytes(file.stat().st_size)}): {description['note']}")
    for origin in origins.values():
        say(f"  made with {origin['profile']}, commit {origin['commit']}, {origin['date']}, {origin['machine']}")


def _shown(project: Project, runner: Runner, notebook: Path, folder: Path) -> Optional[Path]:
    """The notebook executed without training, with the results in a folder; None if that fails. What is missing is printed by the execution."""
    execution = runner.run(notebook, project.output / "results", show=folder)
    found = shortcomings(json.loads(execution.executed.read_text(encoding="utf-8"))) if execution.succeeded else []
    for sentence in found:
        complain(f"  {notebook.name}, {sentence}")
    return execution.executed if execution.succeeded and not found else None


def _update_card(notebook: Path, executed: Path) -> None:
    """
    Copies the output of the cells with the tag `card` into the notebook. An execution that trains shows there what the run before it left, since its own
    result is only known at its end.
    """
    own, latest = (json.loads(path.read_text(encoding="utf-8")) for path in (notebook, executed))
    cards = [cell for cell in code_cells(latest) if CARD in tags(cell)]
    for cell, card in zip([cell for cell in code_cells(own) if CARD in tags(cell)], cards):
        cell["outputs"] = card["outputs"]
    if cards:
        write_atomically(notebook, json.dumps(own, ensure_ascii=False, indent=1) + "\n")


def _replace(output: Path, draft: Path) -> None:
    if output.is_dir():
        shutil.rmtree(output)
    draft.rename(output)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
