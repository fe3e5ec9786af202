"""The notebooks run as they are and show what they should."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parents[1]
SHOWN = {
    "01-quickstart": [
        "60 requests",
        "There is a purple circle in the centre and a yellow star in the bottom right.",
        "The number is 375.",
        "There are four shapes.",
        "image_parse_error",
        "decimal_above_max_value",
        'unknown key "max-num-seq"; the nearest is "max-num-seqs"',
    ],
    "02-evaluate": ["98 questions with a gold answer", "only_first", "0.944", "filtered_resps"],
    "03-prepare-once": ["98 rows answered twice"],
}


@pytest.fixture(scope="module", params=list(SHOWN))
def executed(request: pytest.FixtureRequest) -> tuple[str, NotebookNode]:
    file = NOTEBOOKS / f"{request.param}.ipynb"
    notebook = nbformat.read(file, nbformat.NO_CONVERT)
    client = NotebookClient(
        notebook, timeout=1800, record_timing=False, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}
    )
    client.execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    if request.config.getoption("--keep"):
        nbformat.write(notebook, file)
    return request.param, notebook


def test_runs_and_shows_what_it_should(executed: tuple[str, NotebookNode]) -> None:
    shows_what_it_should(*executed)


def test_keeps_what_it_showed_small_and_without_traces_of_a_machine(executed: tuple[str, NotebookNode]) -> None:
    name, notebook = executed
    file = NOTEBOOKS / f"{name}.ipynb"
    kept = nbformat.read(file, nbformat.NO_CONVERT)
    nbformat.validate(kept)
    shows_what_it_should(name, kept)
    assert file.stat().st_size < 300_000
    for text in texts(kept):
        assert not re.search(r"(?<![\w:/.<])/(root|home|tmp|work|usr|var|Users)\b", text), text[:200]
        assert socket.gethostname() not in text
    assert [source(cell) for cell in kept.cells] == [source(cell) for cell in notebook.cells]


def shows_what_it_should(name: str, notebook: NotebookNode) -> None:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert {output.output_type for output in outputs} <= {"stream", "execute_result", "display_data"}
    assert {output.name for output in outputs if output.output_type == "stream"} == {"stdout"}
    everything = "\n".join(texts(notebook))
    for text in SHOWN[name]:
        assert text in everything
    plots = sum("image/png" in output.get("data", {}) for output in outputs)
    assert plots == (0 if name == "03-prepare-once" else 1)
    if name == "01-quickstart":
        galleries = [
            output.data["text/html"] for output in outputs if "sparkvlm" in output.get("data", {}).get("text/html", "")
        ]
        assert [gallery.count("<img ") for gallery in galleries] == [12, 12, 1]
        assert [gallery.count("no picture") for gallery in galleries] == [0, 0, 1]


def texts(notebook: NotebookNode) -> list[str]:
    """All that the outputs say, but for the bytes of pictures."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = {kind: value for kind, value in output.get("data", {}).items() if not kind.startswith("image/")}
            found.append(output.get("text", ""))
            found.extend(re.sub(r"base64,[^\"]*", "", value if isinstance(value, str) else json.dumps(value)) for value in data.values())
    return found


def source(cell: NotebookNode) -> tuple[str, str]:
    return cell.cell_type, cell.source
