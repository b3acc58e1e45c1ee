"""
The HTML page of an executed notebook. It is complete, formulas included: a browser shows it without a network and loads nothing from elsewhere.
Runs in the virtual environment, which has nbconvert.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from nbconvert import HTMLExporter

TEMPLATES = Path(__file__).resolve().parents[1] / "jupyter" / "templates"
TEMPLATE = "apd4j"

MATHJAX = "/es5/tex-svg-full.js"
"""MathJax in one file, with all TeX extensions and with glyphs drawn as SVG, so that it needs no fonts."""


def page(notebook, title: str, mathjax: Path, folder: Path) -> str:
    """Renders the page, with MathJax from a WebJars jar, and with the pictures in a folder that the notebook's texts name."""
    exporter = HTMLExporter(template_name=TEMPLATE, extra_template_basedirs=[str(TEMPLATES)], embed_images=True)
    return exporter.from_notebook_node(notebook, {"metadata": {"name": title, "path": str(folder)}, "mathjax": _script(mathjax)})[0]


def _script(jar: Path) -> str:
    with zipfile.ZipFile(jar) as archive:
        name, = (name for name in archive.namelist() if name.endswith(MATHJAX))
        return archive.read(name).decode("utf-8")
