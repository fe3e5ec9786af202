"""Writes some of the demo's pictures with their questions and answers as a table, as Hugging Face datasets writes one.

Made with pyarrow 26.0.1, beside the files that make_demo.py wrote: python make_pictures.py FOLDER
"""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CARDS = 12

SCHEMA = pa.schema(
    {
        "image": pa.struct({"bytes": pa.binary(), "path": pa.string()}),
        "question": pa.string(),
        "answer": pa.string(),
    }
)


def main(folder: Path) -> None:
    answers = {line["custom_id"]: line.get("answer") for line in lines(folder / "answers.jsonl")}
    rows = []
    for request in lines(folder / "requests.jsonl"):
        if request["custom_id"].startswith("card-") and len(rows) < CARDS:
            picture, question = request["body"]["messages"][0]["content"]
            file = folder / picture["image_url"]["url"]
            rows.append(
                {
                    "image": {"bytes": file.read_bytes(), "path": file.name},
                    "question": question["text"],
                    "answer": answers[request["custom_id"]],
                }
            )
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), folder / "pictures.parquet")


def lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
