"""Pictures and prompts in columns: what is asked, and what comes back of frames."""

from __future__ import annotations

import datetime
import decimal
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image
from pyspark.sql import SparkSession

import sparkvlm

EXACT = {"dtype": "float32", "kv_cache_memory_bytes": "64m"}
STAR, CIRCLE = "card-04.png", "card-01.png"


@pytest.fixture(scope="module")
def pictures() -> Path:
    return Path(sparkvlm.demo_folder())


def test_answers_a_pandas_frame_in_the_order_of_its_rows(spark: SparkSession, demo: Path, pictures: Path) -> None:
    star = (pictures / STAR).read_bytes()
    frame = pd.DataFrame(
        {
            "image": [star, Image.open(pictures / STAR), pictures / STAR, STAR, {"bytes": star, "path": None}, None],
            "prompt": ["What is this?"] * 4 + [np.nan, "What is this?"],
            "text": list("abcdef"),
        },
        index=[30, 10, 20, 5, 7, 1],
    )
    # Values of one type: a column cannot hold bytes and text.
    frames = [frame.iloc[:2], frame.iloc[2:4], frame.iloc[4:5], frame.iloc[5:]]
    said = [
        sparkvlm.generate(
            part, image="image", prompt="prompt", model=demo / "model", allowed_local_media_path=pictures, seed=1, **EXACT
        )
        for part in frames
    ]
    assert [list(answers.index) for answers in said] == [[30, 10], [20, 5], [7], [1]]
    assert [list(answers["input_text"]) for answers in said] == [["a", "b"], ["c", "d"], ["e"], ["f"]]
    assert [list(answers["status"]) for answers in said] == [["ok", "ok"], ["ok", "ok"], ["error"], ["error"]]
    assert said[0]["media"][30][0]["width"] == 84 and said[1]["media"][5][0]["ref"] == STAR
    assert "the column prompt" in said[2]["error"][7]["message"] and "the column image" in said[3]["error"][1]["message"]


def test_answers_beside_gold_as_hugging_face_datasets_holds_it(spark: SparkSession, demo: Path) -> None:
    table = pq.read_table(demo / "pictures.parquet")
    options = {"image": "image", "prompt": "question", "model": demo / "model"} | EXACT
    wanted = ["row_id", "question", "answer", "text", "status"]
    of_arrow = sparkvlm.generate(table, **options)
    assert isinstance(of_arrow, pa.Table)
    assert of_arrow["answer"].to_pylist() == table["answer"].to_pylist()
    assert of_arrow["row_id"].to_pylist() == [str(row) for row in range(12)]
    of_pandas = sparkvlm.generate(table.to_pandas(), **options)
    assert of_arrow.select(wanted).to_pylist() == of_pandas[wanted].to_dict("records")
    of_spark = sparkvlm.generate(spark.read.parquet(str(demo / "pictures.parquet")), **options)
    assert of_spark.where("status = 'ok'").count() == 12


def test_asks_a_text_that_names_columns(spark: SparkSession, demo: Path, tmp_path: Path) -> None:
    frame = pd.DataFrame({"shape": ["star", "cross"], "row_id": ["x", "y"]})
    answers = sparkvlm.generate(
        frame, prompt="Is there a {shape}?", system="Be short.", model=demo / "model", output=tmp_path / "answers", **EXACT
    )
    assert list(answers["row_id"]) == ["x", "y"]
    assert len(spark.read.parquet(str(tmp_path / "answers")).collect()) == 2


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"prompt": "questoin"}, 'found "questoin", which is none of the columns row_id, image, question, answer'),
        ({"prompt": "Is it {answr}?"}, 'the nearest is "answer"'),
        ({"image": "imag"}, 'the nearest is "image"'),
        ({"prompt": None}, "expected --prompt or --prompt-column beside --image-column"),
    ],
)
def test_refuses_columns_in_one_line(spark: SparkSession, demo: Path, changed: dict[str, str], message: str) -> None:
    table = pq.read_table(demo / "pictures.parquet")
    with pytest.raises(sparkvlm.SparkVlmError) as refused:
        sparkvlm.generate(table, **({"image": "image", "prompt": "question", "model": demo / "model"} | changed))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_says_what_it_takes(demo: Path) -> None:
    with pytest.raises(sparkvlm.SparkVlmError, match="^expected a DataFrame of Spark or pandas, or a table of pyarrow, found"):
        sparkvlm.generate([{"image": "a.png"}], prompt="?", model=demo / "model")
    with pytest.raises(sparkvlm.SparkVlmError, match="^expected values of one type in the frame's column image: "):
        sparkvlm.generate(pd.DataFrame({"image": [b"a", 1]}), prompt="?", model=demo / "model")
    with pytest.raises(sparkvlm.SparkVlmError, match='^unknown argument "images"; the nearest is "image"$'):
        sparkvlm.generate(pd.DataFrame({"image": [b"a"]}), images="image", prompt="?", model=demo / "model")


def test_takes_the_types_that_frames_have(spark: SparkSession) -> None:
    png = io.BytesIO()
    Image.new("RGB", (2, 2)).save(png, "PNG")
    frame = pd.DataFrame(
        {
            "images": [[Image.new("RGB", (2, 2))], []],
            "features": [np.array([{"bytes": None, "path": "a.png"}], dtype=object), None],
            "category": pd.Categorical(["a", None]),
            "nothing": [None, None],
            "half": np.array([0.5, 1], dtype="float16"),
            "small": np.array([1, 2], dtype="uint32"),
            "nested": [{"bytes": None, "path": "a.png"}, None],
        }
    )
    from sparkvlm._frames import Frame

    rows = Frame.of(frame).to_spark().collect()
    assert [row.row_id for row in rows] == ["0", "1"]
    assert rows[0].images == [png.getvalue()] and rows[1].images == []
    assert json.dumps([rows[0].category, rows[1].category, rows[0].nothing, rows[0].half, rows[1].small]) == (
        '["a", null, null, 0.5, 2]'
    )
    assert rows[0].features[0].path == "a.png" and rows[1].features is None
    assert rows[0].nested.path == "a.png" and rows[1].nested is None


def test_takes_the_types_that_tables_of_pyarrow_have(spark: SparkSession) -> None:
    table = pa.table(
        {
            "views": pa.array([["a"], None], pa.list_(pa.string_view())),
            "large": pa.array([[b"a"], None], pa.large_list(pa.large_binary())),
            "bytes": pa.array([b"a", None], pa.binary_view()),
            "repeated": pa.RunEndEncodedArray.from_arrays([2], ["a"]),
            "id": pa.array([b"0123456789abcdef", None], pa.uuid()),
            "json": pa.array(["{}", None], pa.json_()),
            "when": pa.array([1_000, None], pa.timestamp("ns")),
            "zoned": pa.array([1_000, None], pa.timestamp("ns", "UTC")),
            "day": pa.array([datetime.date(2024, 5, 1), None], pa.date64()),
            "time": pa.array([datetime.time(10, 0, 0, 5), None], pa.time64("us")),
            "long": pa.array([decimal.Decimal("1.50"), None], pa.decimal256(50, 2)),
            "map": pa.array([[("a", 2**64 - 1)], None], pa.map_(pa.string(), pa.uint64())),
            "none": pa.array([[{"a": None}], None], pa.list_(pa.struct([("a", pa.null())]))),
        }
    )
    from sparkvlm._frames import Frame

    of_spark = Frame.of(table).to_spark()
    assert of_spark.schema["when"].dataType.simpleString() == "timestamp_ntz"
    assert of_spark.schema["zoned"].dataType.simpleString() == "timestamp"
    first, second = of_spark.collect()
    assert first.asDict(recursive=True) == {
        "row_id": "0",
        "views": ["a"],
        "large": [b"a"],
        "bytes": b"a",
        "repeated": "a",
        "id": b"0123456789abcdef",
        "json": "{}",
        "when": datetime.datetime(1970, 1, 1, 0, 0, 0, 1),
        "zoned": first.zoned,
        "day": datetime.date(2024, 5, 1),
        "time": "10:00:00.000005",
        "long": "1.50",
        "map": {"a": decimal.Decimal(2**64 - 1)},
        "none": [{"a": None}],
    }
    assert [value for name, value in second.asDict().items() if name not in ("row_id", "repeated")] == [None] * 12
    with pytest.raises(sparkvlm.SparkVlmError, match="^expected a type that Spark has in the column span, found month_day_nano"):
        Frame.of(pa.table({"span": pa.array([(1, 2, 3)], pa.month_day_nano_interval())})).to_spark()
