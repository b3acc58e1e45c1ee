"""The description in a file of results, read without NumPy."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Dict

from .console import Problem

DESCRIPTION = "run_json.npy"
MAGIC = b"\x93NUMPY"


def describe(file: Path) -> Dict:
    """What a file of results says about itself."""
    try:
        with zipfile.ZipFile(file) as archive:
            data = archive.read(DESCRIPTION)
        if not data.startswith(MAGIC):
            raise ValueError(f"{DESCRIPTION} is no array")
        width = 2 if data[len(MAGIC)] == 1 else 4
        begin = len(MAGIC) + 2 + width
        header = int.from_bytes(data[begin - width:begin], "little")
        return json.loads(data[begin + header:].decode("utf-8"))
    except (OSError, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise Problem(f"{file} is damaged: {error}.", "Delete it, and execute the notebook again.") from None
