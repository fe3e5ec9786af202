"""The Python that README and docs show runs as it stands there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from pyspark.sql import SparkSession

import sparkvlm

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = ["README.md", "docs/how-to/notebook.md", "docs/how-to/pictures-and-prompts.md"]


def test_no_other_page_shows_python(top: Path) -> None:
    pages = [top / "README.md", *sorted((top / "docs").rglob("*.md"))]
    assert [str(page.relative_to(top)) for page in pages if BLOCK.search(page.read_text())] == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_runs_as_it_stands(
    page: str, spark: SparkSession, demo: Path, top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("card-01.png", "card-02.png"):
        shutil.copy(demo / "media" / name, pictures)
    monkeypatch.chdir(tmp_path)  # where its folders are, and where the answers go

    # Spark's JVM was started in another folder, and the model is the one inside the jar.
    changes = {
        '"Qwen/Qwen2-VL-2B-Instruct"': repr(sparkvlm.demo_model()),
        'allowed_local_media_path="pictures"': f'allowed_local_media_path="{pictures}"',
        'output="answers"': f'output="{tmp_path}/answers"',
    }
    for code in BLOCK.findall((top / page).read_text()):
        for written, meant in changes.items():
            assert code.count(written) == (0 if written.startswith("output") and "pd.DataFrame" in code else 1)
            code = code.replace(written, meant)
        shown: dict[str, object] = {}
        exec(code, shown)
        answers = shown["answers"]
        assert (answers if isinstance(answers, pd.DataFrame) else answers.toPandas())["status"].tolist() == ["ok", "ok"]
