"""What is shown of answers."""

from __future__ import annotations

import base64
import io
import re
import warnings
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from pyspark.sql import DataFrame, SparkSession

import sparkvlm

ANSWERS = (
    "custom_id string, status string, text string, picture string, question string,"
    " usage struct<completion_tokens: bigint>, timing struct<total_ms: double>,"
    " error struct<code: string, message: string, param: string>, media array<struct<ref: string>>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.effect_noise((800, 400), 100).save(folder / "large.png")
    Image.new("RGB", (8, 8)).save(folder / "small.png")
    Image.new("RGB", (8, 8)).save(tmp_path / "outside.png")
    (folder / "damaged.png").write_bytes((folder / "large.png").read_bytes()[:5000])
    return folder


def test_shows_pictures_beside_answers(spark: SparkSession, folder: Path) -> None:
    gallery = sparkvlm.show(answered(spark, ["small.png"], ["large.png", "small.png"]), folder)
    html = gallery._repr_html_()
    small, large, again = [base64.b64decode(data) for data in re.findall('base64,([^"]*)"', html)]
    assert small == again == (folder / "small.png").read_bytes()
    assert max(Image.open(io.BytesIO(large)).size) == 192
    assert "3 tokens, 1,234 ms" in html
    assert repr(gallery) == "small.png: <b>\nlarge.png small.png: <b>"


def test_escapes_what_models_and_requests_say(spark: SparkSession, folder: Path) -> None:
    html = sparkvlm.show(answered(spark, ['"><script>.png']), folder)._repr_html_()
    assert "<script>" not in html and "<b>" not in html
    assert "&lt;b&gt;" in html and "&lt;script&gt;" in html


def test_shows_no_picture_that_is_damaged_or_elsewhere(spark: SparkSession, folder: Path) -> None:
    html = sparkvlm.show(answered(spark, ["damaged.png"], ["none.png"], ["../outside.png"], ["."]), folder)._repr_html_()
    assert "<img" not in html and html.count("no picture") == 4


def test_shows_what_was_wrong(spark: SparkSession, folder: Path) -> None:
    error = ("image_parse_error", "expected <a>, found b", "messages[0]")
    answers = spark.createDataFrame([("a", "error", None, "small.png", "What?", None, (None,), error, [])], ANSWERS)
    gallery = sparkvlm.show(answers, folder)
    assert "image_<wbr>parse_<wbr>error" in gallery._repr_html_() and "expected &lt;a&gt;, found b" in gallery._repr_html_()
    assert repr(gallery) == "small.png: image_parse_error: expected <a>, found b"


def test_says_that_a_table_is_not_finished(spark: SparkSession, folder: Path, tmp_path: Path) -> None:
    written = tmp_path / "my answers"
    answered(spark, ["small.png"]).write.parquet(str(written))
    answers = spark.read.parquet(str(written))
    (written / "_sparkvlm.json").touch()
    with warnings.catch_warnings(record=True) as finished:
        sparkvlm.show(answers, folder)
    assert not any("is not finished" in str(warning.message) for warning in finished)
    (written / "_SUCCESS").unlink()
    with pytest.warns(UserWarning, match="is not finished"):
        sparkvlm.show(answers, folder)
    with pytest.warns(UserWarning, match="is not finished"):
        sparkvlm.errors_by_code(answers)


def answered(spark: SparkSession, *pictures: list[str]) -> DataFrame:
    """A row for each list of pictures that a request named."""
    rows = [("a", "ok", "<b>", None, "<q>", (3,), (1234.0,), None, [(ref,) for ref in refs]) for refs in pictures]
    return spark.createDataFrame(rows, ANSWERS).coalesce(1)


def test_says_that_it_looks_at_tables_of_spark(tmp_path: Path) -> None:
    for look in (sparkvlm.errors_by_code, lambda answers: sparkvlm.show(answers, tmp_path)):
        with pytest.raises(sparkvlm.SparkVlmError, match="^expected answers in a DataFrame of Spark, found pandas.*DataFrame: "):
            look(pd.DataFrame({"status": ["ok"]}))
