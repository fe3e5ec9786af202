"""The DataFrame's answers equal the job's, and refusals arrive in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

import sparkvlm
from sparkvlm._generate import options_by_key
from sparkvlm._jar import find_jar

HELLO = '{"messages": [{"role": "user", "content": "Hello!"}], "temperature": 0, "max_completion_tokens": 20}'
# Answers do not depend on what else is in the batch.
EXACT = {"dtype": "float32", "kv_cache_memory_bytes": "64m"}


def test_answers_equal_those_of_the_command_line(spark: SparkSession, top: Path, demo: Path, tmp_path: Path) -> None:
    every = (demo / "requests.jsonl").read_text().splitlines()
    some = [line for number, line in enumerate(every) if number % 3 == 0 or '"custom_id": "bad-' in line]
    lines = tmp_path / "requests.jsonl"
    lines.write_text("\n".join(some))
    subprocess.run(
        [top / "sparkvlm", "generate", "--model", demo / "model", "--input", lines, "--output", tmp_path / "job"]
        + ["--allowed-local-media-path", demo, "--dtype", "float32", "--kv-cache-memory-bytes", "64m"],
        check=True,
        env=os.environ | {"SPARKVLM_HEAP": "1g"},
        stdout=subprocess.DEVNULL,
    )
    requests = spark.read.text(str(lines)).withColumnRenamed("value", "request").withColumn("shop", F.lit("north"))

    answers = sparkvlm.generate(
        requests, model=demo / "model", allowed_local_media_path=demo, output=tmp_path / "dataframe", **EXACT
    )

    of_the_job = spark.read.parquet(str(tmp_path / "job"))
    # Files have an order, frames have none.
    assert answers.columns == [*(name for name in of_the_job.columns if name != "row_index"), "shop"]
    assert answers.where("shop = 'north'").count() == len(some) >= 35
    assert answers.where("status = 'error'").count() == 5
    assert said(answers) == said(of_the_job)


def said(answers: DataFrame) -> list[Row]:
    # What a row finds in the cache depends on what ran before it.
    usage = F.col("usage").dropFields("cached_tokens").alias("usage")
    columns = ["custom_id", "text", "finish_reason", usage, "error", "media", "warnings"]
    return answers.select(*columns).orderBy("custom_id").collect()


def test_runs_again_for_every_action_without_an_output(spark: SparkSession, demo: Path) -> None:
    requests = spark.createDataFrame([("a", HELLO), ("b", "nonsense")], "row_id string, request string")
    answers = sparkvlm.generate(requests, model=demo / "model", **EXACT)
    assert sorted((row.row_id, row.status, row.text) for row in answers.collect()) == [
        ("a", "ok", "Hello! Show me a picture and ask me about it."),
        ("b", "error", None),
    ]
    assert [row.asDict() for row in sparkvlm.errors_by_code(answers).collect()] == [
        {"code": "invalid_json_line", "rows": 1, "example": answers.where("row_id = 'b'").first().error.message}
    ]


def test_answers_are_the_same_where_a_stage_of_its_own_prepares(spark: SparkSession, demo: Path, tmp_path: Path) -> None:
    lines = (demo / "requests.jsonl").read_text().splitlines()
    some = [line for number, line in enumerate(lines) if number % 20 == 0 or '"custom_id": "bad-' in line]
    requests = spark.createDataFrame([(line,) for line in some], "request string")
    options = {"model": demo / "model", "allowed_local_media_path": demo} | EXACT
    fused = sparkvlm.generate(requests, output=tmp_path / "fused", **options)
    staged = sparkvlm.generate(requests, output=tmp_path / "staged", preprocessing="staged", **options)
    assert len(some) == staged.count() >= 10
    assert said(staged) == said(fused)


def test_refuses_all_but_the_first_of_equal_custom_ids(spark: SparkSession, demo: Path) -> None:
    requests = spark.createDataFrame([("1", "a"), ("2", "a"), ("3", "b")], "row_id string, custom_id string")
    answers = sparkvlm.generate(requests.withColumn("request", F.lit(HELLO)), model=demo / "model", **EXACT)
    assert [(row.row_id, row.error.code) for row in answers.where("status = 'error'").collect()] == [
        ("2", "duplicate_custom_id")
    ]


def test_answers_equal_requests_once_where_they_are_written(spark: SparkSession, demo: Path, tmp_path: Path) -> None:
    requests = spark.createDataFrame([(str(i), HELLO) for i in range(5)], "row_id string, request string")
    answers = sparkvlm.generate(requests, model=demo / "model", output=tmp_path / "once", dedupe=True, **EXACT)
    rows = sorted((row.row_id, row.text, row.copy_of) for row in answers.collect())
    hello = "Hello! Show me a picture and ask me about it."
    assert rows == [(str(i), hello, "0" if i else None) for i in range(5)]


def test_options_are_the_flags_in_snake_case() -> None:
    assert options_by_key(
        model=Path("/models/a"),
        max_num_seqs=16,
        strict=True,
        dtype=None,
        served_model_name=["a", "b"],
        limit_mm_per_prompt={"image": 2, "video": {"count": 1}},
        temperature=0,
        stop=["a, b", "["],
        stop_token_ids=[1, 2],
    ) == {
        "model": "/models/a",
        "max-num-seqs": "16",
        "strict": "true",
        "served-model-name": "a,b",
        "limit-mm-per-prompt": '{"image": 2, "video": {"count": 1}}',
        "temperature": "0",
        "stop": '["a, b", "["]',
        "stop-token-ids": "1,2",
    }
    assert options_by_key(stop="[") == {"stop": '["["]'}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"max_num_seq": 3}, 'unknown key "max-num-seq"; the nearest is "max-num-seqs"'),
        ({"input": "requests"}, 'unknown key "input"'),
        ({"quantization": "awq"}, "expected quantization none, a16w8, a16w4, a8w8"),
        ({"lora_modules": "a=b"}, "--lora-modules is vLLM's and not taken here"),
        ({"temperature": 3}, "Invalid 'temperature': decimal above maximum value"),
        ({"dtype": "float17"}, "float17"),
        ({"preprocessing": "elsewhere"}, "elsewhere"),
        ({"model": "no/such/model/at/all"}, "no/such/model/at/all"),
        ({"model": "NoSuchOrg/NoSuchModel"}, "hf download NoSuchOrg/NoSuchModel"),
        ({"output": Path(__file__).parent}, "is there already and not empty"),
        ({"dedupe": True}, "expected an output with dedupe"),
    ],
)
def test_refuses_options_in_one_line(spark: SparkSession, demo: Path, changed: dict[str, object], message: str) -> None:
    requests = spark.createDataFrame([(HELLO,)], "request string")
    with pytest.raises(sparkvlm.SparkVlmError) as refused:
        sparkvlm.generate(requests, **({"model": demo / "model"} | changed))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.__cause__ is None and refused.value.__context__ is None


def test_refuses_tables_in_one_line(spark: SparkSession, demo: Path) -> None:
    expected = "^expected a column request, body or messages, or --prompt or --prompt-column, found question$"
    with pytest.raises(sparkvlm.SparkVlmError, match=expected):
        sparkvlm.generate(spark.createDataFrame([("?",)], "question string"), model=demo / "model")


def test_says_in_one_line_why_a_job_was_aborted(spark: SparkSession, demo: Path, tmp_path: Path) -> None:
    requests = spark.createDataFrame([(HELLO, None)], "request string, row_id string")
    with pytest.raises(sparkvlm.SparkVlmError) as aborted:
        sparkvlm.generate(requests, model=demo / "model", output=tmp_path / "answers", **EXACT)
    assert str(aborted.value).startswith("the job was aborted: ")
    assert "expected a row_id in every row, found null" in str(aborted.value)
    assert "\n" not in str(aborted.value)


def test_names_a_jar_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARKVLM_JAR", "/no/such.jar")
    with pytest.raises(sparkvlm.SparkVlmError, match="expected the project's jar at /no/such.jar, found no file"):
        sparkvlm.demo_model()


def test_takes_the_jar_of_a_checkout_only_if_it_is_of_its_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, jar = tmp_path / "job/src/main/Main.java", tmp_path / "job/target/spark-vlm.jar"
    for path in (source, jar):
        path.parent.mkdir(parents=True)
        path.touch()
    hasher = Path(shutil.copytree(Path(__file__).parents[2] / "src/build", tmp_path / "src/build")) / "source-hash"
    jar.with_suffix(".sources").write_text(subprocess.check_output([hasher], text=True))
    monkeypatch.delenv("SPARKVLM_JAR", raising=False)
    monkeypatch.chdir(tmp_path)
    source.touch()
    assert find_jar() == jar
    source.write_text("other")
    with pytest.raises(sparkvlm.SparkVlmError, match="not of the sources around it: ./sparkvlm --version"):
        find_jar()
