"""Tests of the pages that `lab.py run` writes, in a browser without a network."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HERE / "environment"))

from launcher.java import find  # noqa: E402: needs the path set above
from launcher.maven import Maven  # noqa: E402
from launcher.project import Project  # noqa: E402

SECONDS = 240

WRITE = """
import sys, nbformat
from pathlib import Path
from launcher.page import page
mathjax, folder, *notebooks = map(Path, sys.argv[1:])
for file in notebooks:
    folder.joinpath(file.stem + ".html").write_text(page(nbformat.read(file, as_version=4), "A page", mathjax, file.parent), encoding="utf-8")
"""

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

FETCHED = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*?\s(?:src|href)=["']?(?!data:|#)[^\s>"']|@import|url\(["']?https?:|\bimport\s*\(""")
"""Matches what a browser loads when it opens a page."""


def markdown(*cells):
    return {"cells": [{"cell_type": "markdown", "id": f"c{i}", "metadata": {}, "source": text} for i, text in enumerate(cells)],
            "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


class Page(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.project = Project.at(HERE)
        cls.mathjax = Maven(cls.project, find()).mathjax()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="Seite ö ")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def pages_of(self, *notebooks):
        """Writes the pages of notebooks as `lab.py run` does."""
        subprocess.run([self.project.python, "-c", WRITE, self.mathjax, self.folder, *notebooks], check=True,
                       env={**os.environ, "PYTHONPATH": str(HERE / "environment"), "PYTHONUTF8": "1"})
        return [self.folder / (notebook.stem + ".html") for notebook in notebooks]

    def shown(self, page):
        """The body of a page after a browser without a network has rendered it."""
        if BROWSER is None:
            if os.environ.get("APD_BROWSER") == "required":
                self.fail("there is no Chromium")
            self.skipTest("there is no Chromium")
        dom = subprocess.run([BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self.folder / 'profile'}",
                              "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=60000", "--dump-dom", page.as_uri()],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", timeout=SECONDS, check=True).stdout
        return dom[dom.index("<body"):]

    def test_formulas_are_rendered_without_a_network(self):
        notebook = self.folder / "a.ipynb"
        notebook.write_text(json.dumps(markdown(
            r"Inline $P_c^{\mathsf T}$, $$\sum_{c=1}^{C} P_c = W$$", r"\begin{align} a &= b \end{align}",
            r"$\color{red}{x}$ and $\boldsymbol{y}$ and $\cancel{z}$, but not `$code$`, and 5 \$")), encoding="utf-8")
        body = self.shown(*self.pages_of(notebook))
        self.assertEqual(6, body.count("<mjx-container"))
        self.assertNotIn('data-mml-node="merror"', body)
        self.assertIn("<code>$code$</code>", body)
        self.assertIn("5 $", body)

    def test_formulas_of_the_projects_notebooks_are_rendered(self):
        notebooks = sorted((HERE / "notebooks").glob("*.ipynb"))
        cells = [cell for file in notebooks for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]]
        together = self.folder / "together.ipynb"
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        together.write_text(json.dumps(markdown(*(text.replace("![", "[") for text in texts))), encoding="utf-8")
        body = self.shown(*self.pages_of(together))
        self.assertGreater(body.count("<mjx-container"), 20)
        self.assertNotIn('data-mml-node="merror"', body)

    def test_page_of_an_executed_notebook_loads_nothing(self):
        script = script_in(self.mathjax)
        for page in self.pages_of(*sorted((HERE / "notebooks").glob("*.ipynb"))):
            text = page.read_text(encoding="utf-8")
            self.assertIn(script, text)
            self.assertEqual([], FETCHED.findall(text.replace(script, "")), page.name)


def script_in(jar):
    """The source of MathJax, which contains addresses that it loads from only when it is configured to."""
    with zipfile.ZipFile(jar) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith("/es5/tex-svg-full.js"))).decode("utf-8")


if __name__ == "__main__":
    unittest.main()
