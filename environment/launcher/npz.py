"""The description in a file of results, read without NumPy."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any, Callable, Dict, Set, Tuple

from .console import Problem

DESCRIPTION = "run_json.npy"
MAGIC = b"\x93NUMPY"


def describe(file: Path) -> Dict:
    """What a file of results says about itself."""
    return _read(file, _description)


def numbers(file: Path) -> Set[Tuple[str, str]]:
    """What a result's numbers are, without when and where they were computed: the arrays of a run, with their checksums, or a value."""
    return _read(file, lambda archive: {(entry.filename, str(entry.CRC)) for entry in archive.infolist() if entry.filename.startswith("state.")}
                 or {("value", json.dumps(_description(archive).get("value"), sort_keys=True))})


def _read(file: Path, what: Callable[[zipfile.ZipFile], Any]) -> Any:
    try:
        with zipfile.ZipFile(file) as archive:
            return what(archive)
    except (OSError, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise Problem(f"{file} is damaged: {error}.", "Delete it, and execute the notebook again.") from None


def _description(archive: zipfile.ZipFile) -> Dict:
    data = archive.read(DESCRIPTION)
    if not data.startswith(MAGIC):
        raise ValueError(f"{DESCRIPTION} is no array")
    width = 2 if data[len(MAGIC)] == 1 else 4
    begin = len(MAGIC) + 2 + width
    header = int.from_bytes(data[begin - width:begin], "little")
    return json.loads(data[begin + header:].decode("utf-8"))
