"""The requests that a folder of pictures makes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import sparkvlm

NAMES = ["a b.png", 'quo"te.PNG', "deep/er/[x]{y}.jpg", "12:30.png", "é 100%.webp"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures [1] {of} mine*"
    for name in [*NAMES, "notes.txt", "_hidden.png", ".hidden.png"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"not opened")
    return folder


def test_makes_one_request_for_each_picture(spark: SparkSession, folder: Path) -> None:
    requests = sparkvlm.requests_from_folder(
        spark, folder, 'What is "the picture\'s part"?', max_pixels=7056, temperature=0, stop=["."]
    )
    assert requests.columns == ["picture", "question", "request"]
    rows = {row.picture: row for row in requests.collect()}
    assert sorted(rows) == sorted(NAMES)
    assert json.loads(rows["deep/er/[x]{y}.jpg"].request) == {
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": "deep/er/[x]{y}.jpg", "max_pixels": 7056}},
                    {"type": "text", "text": 'What is "the picture\'s part"?'},
                ],
            }
        ],
        "temperature": 0,
        "stop": ["."],
    }


def test_takes_the_names_of_a_pattern(spark: SparkSession, folder: Path) -> None:
    requests = sparkvlm.requests_from_folder(spark, f"{folder}/", "?", pattern="*.jpg")
    assert [row.picture for row in requests.collect()] == ["deep/er/[x]{y}.jpg"]


def test_pictures_are_found_whatever_their_names(spark: SparkSession, folder: Path, demo: Path) -> None:
    for name in NAMES:
        shutil.copy(demo / "media" / "card-04.png", folder / name)
    requests = sparkvlm.requests_from_folder(spark, folder, "What is this?", temperature=0, max_completion_tokens=20)
    answers = sparkvlm.generate(requests, model=demo / "model", allowed_local_media_path=folder, dtype="float32")
    assert {(row.picture, row.text) for row in answers.collect()} == {(name, "This is a pink star.") for name in NAMES}


def test_names_a_folder_that_is_not_there(spark: SparkSession) -> None:
    with pytest.raises(sparkvlm.SparkVlmError, match="^expected a folder of pictures, found no folder /no/such$"):
        sparkvlm.requests_from_folder(spark, "/no/such", "?")
