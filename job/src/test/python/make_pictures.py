"""Writes a table as Hugging Face datasets writes its Image feature: a structure of bytes and path, and a list of them.

Made with pyarrow 26.0.1: python make_pictures.py ../resources/io/sparkvlm/job/input/pictures.parquet
"""

import sys

import pyarrow as pa
import pyarrow.parquet as pq

IMAGE = pa.struct({"bytes": pa.binary(), "path": pa.string()})

ROWS = [
    {
        "image": {"bytes": b"one", "path": "one.png"},
        "images": [{"bytes": b"first", "path": None}, {"bytes": None, "path": "second.png"}],
        "raw": b"raw",
        "big": b"big",
        "label": "cat",
    },
    {"image": {"bytes": None, "path": "two.png"}, "images": [], "raw": None, "big": None, "label": None},
    {"image": None, "images": None, "raw": None, "big": None, "label": "dog"},
]

SCHEMA = pa.schema(
    {"image": IMAGE, "images": pa.list_(IMAGE), "raw": pa.binary(), "big": pa.large_binary(), "label": pa.string()}
)

pq.write_table(pa.Table.from_pylist(ROWS, SCHEMA), sys.argv[1])
