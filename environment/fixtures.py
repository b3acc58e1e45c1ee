"""What the tests of the launcher share."""

import contextlib
import socket
import tempfile
import unittest
from pathlib import Path

from launcher.project import Project


class TestWithFolder(unittest.TestCase):
    """A project in a temporary folder whose name has spaces and a non-ASCII letter."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="ein ö Pfad ")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        self.project = Project(self.folder)

    def write(self, name, text=""):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


@contextlib.contextmanager
def listening():
    """A port on which a program listens and never answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def unused_port():
    with listening() as port:
        return port
