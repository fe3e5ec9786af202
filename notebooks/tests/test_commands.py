"""Commands that look at tables, in the session that runs."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from pyspark.sql import SparkSession

import sparkvlm


@pytest.fixture(scope="module")
def answered(spark: SparkSession, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two cards that are answered right, and one that is not there; the third question begins as a formula does."""
    output = tmp_path_factory.mktemp("commands") / "answers"
    rows = [("card-01.png", "The circle is blue.", 7), ("card-01.png", "=1+1", 8), ("nowhere.png", "four", 9)]
    table = spark.createDataFrame(rows, "picture string, gold string, `index` int").coalesce(1)
    asked = dict(image="picture", prompt="What colour is the circle?", temperature=0, dtype="float32")
    folder = demo / "media"
    sparkvlm.generate(table, model=sparkvlm.demo_model(), output=output, allowed_local_media_path=folder, **asked)
    return str(output)


def test_scores_and_exports_for_pandas(answered: str, tmp_path: Path, spark: SparkSession) -> None:
    files = [tmp_path / name for name in ("samples.jsonl", "answers.tsv", "answers.xlsx")]
    score = sparkvlm.evaluate(answered, gold="gold", by="picture", export=files)
    assert (score["rows"], score["errors"], score["score"]) == (3, 1, 1 / 3)
    assert score["by"]["picture"]["nowhere.png"]["score"] == 0
    assert score["low"] < score["score"] < score["high"]
    assert [line.split(" (")[0] for line in score["exports"]] == [f"export: {file}" for file in files]
    samples = [json.loads(line) for line in files[0].read_text().splitlines()]
    assert sorted(sample["score"] for sample in samples) == [0, 0, 1]
    tables = [pd.read_csv(files[1], sep="\t"), pd.read_excel(files[2])]
    for table in tables:
        table = table.set_index("index")
        assert list(table.loc[[7, 8, 9], "answer"]) == ["The circle is blue.", "=1+1", "four"]
        assert table.prediction[7] == "The circle is blue."
        assert table.prediction[9].startswith("Failed to obtain answer via API. ")
    assert spark.range(1).count() == 1  # the session runs on


def test_compares_reports_and_refuses_in_one_line(answered: str, tmp_path: Path) -> None:
    same = sparkvlm.compare(answered, answered, gold="gold", on="row_id")
    assert (same["pairs"], same["difference"]["score"]) == (3, 0)
    page = sparkvlm.report(answered, tmp_path / "report.html")
    assert "<html" in Path(page).read_text()
    with pytest.raises(sparkvlm.SparkVlmError, match='the columns are|nearest is "gold"'):
        sparkvlm.evaluate(answered, gold="golt")


def test_refuses_a_session_of_spark_connect_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class ConnectSession:
        """Has, as Spark Connect's, no JVM."""

    monkeypatch.setattr(SparkSession, "getActiveSession", ConnectSession)
    for command in (
        sparkvlm.session,
        lambda: sparkvlm.evaluate(tmp_path, gold="gold"),
        lambda: sparkvlm.generate(pd.DataFrame({"image": ["a.png"]}), image="image", prompt="?", model=tmp_path),
    ):
        with pytest.raises(sparkvlm.SparkVlmError, match="found one of Spark Connect, .*: stop it and start one with"):
            command()


def test_a_dry_run_counts_and_leaves_nothing(spark: SparkSession, tmp_path: Path) -> None:
    body = json.dumps({"messages": [{"role": "user", "content": "Hi"}], "max_completion_tokens": 4})
    requests = spark.createDataFrame([(body,), ("{}",)], "body string")
    file = tmp_path / "requests.jsonl"
    file.write_text(f"{body}\n{{}}\n")
    settings = spark.conf.getAll
    for asked in (requests, file):
        found = sparkvlm.dry_run(asked, model=sparkvlm.demo_model(), calibrate=0, enable_prefix_caching=False)
        assert (found["rows"], found["failing_rows"]) == (2, 1)
        assert found["errors"]["missing_required_parameter"]["rows"] == 1
    assert spark.conf.getAll == settings  # what a small input is planned with is not left to the notebook's own queries
    assert not [view for view in spark.catalog.listTables("global_temp") if view.name.startswith("sparkvlm")]
    with pytest.raises(sparkvlm.SparkVlmError, match="isolate-decoding.*maybe"):
        sparkvlm.dry_run(file, model=sparkvlm.demo_model(), isolate_decoding="maybe")
