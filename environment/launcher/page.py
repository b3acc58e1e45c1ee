"""
The HTML page of an executed notebook. It holds all that it shows, formulas included: neither a browser without a network nor one that
must not tell anybody what is read misses anything. Used inside the virtual environment, where nbconvert is.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from nbconvert import HTMLExporter

TEMPLATES = Path(__file__).resolve().parents[1] / "jupyter" / "templates"
TEMPLATE = "apd4j"

MATHJAX = "/es5/tex-svg-full.js"
"""MathJax in one file, with all of its TeX extensions and with letters that are drawn and need no font."""


def page(notebook, title: str, mathjax: Path) -> str:
    """The page, with MathJax from a jar of the WebJars project."""
    exporter = HTMLExporter(template_name=TEMPLATE, extra_template_basedirs=[str(TEMPLATES)])
    return exporter.from_notebook_node(notebook, {"metadata": {"name": title}, "mathjax": _script(mathjax)})[0]


def _script(jar: Path) -> str:
    with zipfile.ZipFile(jar) as archive:
        name, = (name for name in archive.namelist() if name.endswith(MATHJAX))
        return archive.read(name).decode("utf-8")
