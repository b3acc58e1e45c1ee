"""Remembers what each part of the set-up was made from, so that nothing is done twice, and locks the project during the set-up."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Iterator, Union

from .console import say


def fingerprint(*things: Union[str, Path]) -> str:
    """A digest of strings, files and whole folders, which depends on their content but not on their place."""
    digest = hashlib.sha256()
    for thing in things:
        if not isinstance(thing, Path):
            digest.update(b"text\0" + thing.encode() + b"\0")
        elif thing.is_dir():
            for file in sorted(path for path in thing.rglob("*") if path.is_file()):
                digest.update(file.relative_to(thing).as_posix().encode() + b"\0" + _content_digest(file))
        else:
            digest.update(_content_digest(thing) if thing.exists() else b"absent")
    return digest.hexdigest()


def _content_digest(file: Path) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()


class State:
    """The fingerprints of what each part of the set-up was made from."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._file = folder / "made-from.json"

    def is_current(self, part: str, made_from: str, *results: Path) -> bool:
        """Whether the part was made from the same content, and its results still exist."""
        return self._read().get(part) == made_from and all(result.exists() for result in results)

    def record(self, part: str, made_from: str) -> None:
        write_atomically(self._file, json.dumps({**self._read(), part: made_from}, indent=2))

    def forget(self, part: str) -> None:
        """Forgets a part before it is made, so that it is made again if that is interrupted."""
        entries = self._read()
        if entries.pop(part, None) is not None:
            write_atomically(self._file, json.dumps(entries, indent=2))

    def _read(self) -> dict:
        try:
            return json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # not written yet, or damaged: everything is made again
            return {}


def write_atomically(file: Path, text: str) -> None:
    """Writes a file so that readers see either the old content or the new."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, file)


@contextlib.contextmanager
def only_one_at_a_time(folder: Path) -> Iterator[None]:
    """Holds the lock of the project's set-up, after waiting for other launchers. The lock ends with its process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "a+b") as lock:
        if not _try_lock(lock):
            say("Waiting for another lab.py that is setting up this project …")
            while not _try_lock(lock):
                time.sleep(0.2)
        try:
            yield
        finally:
            _unlock(lock)


if os.name == "nt":
    import msvcrt

    def _try_lock(lock) -> bool:
        lock.seek(0)
        try:
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        except OSError:
            return False

    def _unlock(lock) -> None:
        lock.seek(0)
        msvcrt.locking(lock.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(lock) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False

    def _unlock(lock) -> None:
        fcntl.flock(lock, fcntl.LOCK_UN)
