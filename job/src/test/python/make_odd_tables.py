"""Writes Parquet files as pandas, Polars, DuckDB, fastparquet and pyarrow users have them, and what pyarrow reads from them.

python -m venv venv && venv/bin/pip install pyarrow==26.0.1 pandas==3.1.1 polars==2.1.0 duckdb==2.0.1 fastparquet==2026.9.0
venv/bin/python make_odd_tables.py ../resources/io/sparkvlm/job/input/odd

A folder a case; beside it NAME.tsv, a column a line, where the job must carry what pyarrow reads.
"""

import datetime
import json
import struct
import sys
from pathlib import Path

import duckdb
import fastparquet
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from make_tables import text

CODECS = ["none", "snappy", "gzip", "zstd", "lz4"]


def messages(rows):
    return [[{"role": "user", "content": f"say {row}"}] for row in range(rows)]


def written(rows):
    return [json.dumps(value) for value in messages(rows)]


def polars_nested(folder):
    """Lists in Polars, a struct's field of nothing but nulls, categories with nulls."""
    pl.DataFrame(
        {
            "messages": messages(3),
            "words": [["t", "e"], ["p"], []],
            "jobs": [[{"company": "x", "years": None}], [], None],
            "category": pl.Series(["a", None, "b"], dtype=pl.Categorical),
            "enum": pl.Series(["u", "v", None], dtype=pl.Enum(["u", "v"])),
        }
    ).write_parquet(folder / "a.parquet")


def pandas_index(folder):
    index = ["r1", "r2", "r3"]
    pd.DataFrame({"messages": written(3), "score": [1, 2, 3]}, index=index).to_parquet(folder / "a.parquet")


def pandas_without_rows(folder):
    frame = pd.DataFrame({"messages": written(2), "score": [1, 2]})
    frame[frame.score < 0].to_parquet(folder / "a.parquet")
    frame.to_parquet(folder / "b.parquet")


def fastparquet_pandas(folder):
    frame = pd.DataFrame(
        {
            "messages": written(3),
            "when": pd.to_datetime(
                ["2024-05-01 10:00:00.123456789", "1700-09-21 00:00:00.000000001", "2262-04-11 00:00:00.000000001"]
            ),
            "category": pd.Categorical(["a", "b", "a"]),
            "took": pd.to_timedelta([1, 2, 3], unit="s"),
        }
    )
    fastparquet.write(folder / "a.parquet", frame)


def duckdb_types(folder):
    duckdb.execute(
        f"""copy (select [{{'role': 'user', 'content': 'say 0'}}] as messages,
            uuid '0123e567-89ab-cdef-0123-456789abcdef' as id, 1.5::decimal(38, 10) as price, time '10:00:00.5' as at,
            timetz '10:00:00+02' as zoned, '101'::bit as bits, {{'a': 1}} as object, [1, 2]::int[2] as pair, 'x'::blob as bytes,
            epoch_ms(1)::timestamp_ns as nanos, 1::utinyint as small) to '{folder}/a.parquet' (format parquet)"""
    )


def duckdb_folders(folder):
    duckdb.execute(
        f"""copy (select p, id, [{{'role': 'user', 'content': 'say ' || id}}] as messages from
            (values ('a', 1), (NULL, 2), ('NULL', 3), ('', 4), ('x y/z', 5), ('é', 6)) v(p, id))
            to '{folder}' (format parquet, partition_by (p), overwrite_or_ignore)"""
    )


def special_names(folder):
    names = ["Code région", "Unnamed: 0", "max(t)", "a;b", "x=y", "tab\there", "new\nline", "{brace}", "`tick`", "dot.ted", "🙂"]
    columns = [pa.array(messages(2))] + [pa.array([1, 2])] * len(names)
    pq.write_table(pa.table(columns, names=["messages", *names]), folder / "a.parquet")


def two_cases(folder):
    arrays = [pa.array(messages(2)), pa.array([1, 2]), pa.array([3, 4])]
    pq.write_table(pa.table(arrays, names=["messages", "score", "SCORE"]), folder / "a.parquet")
    pq.write_table(pa.table([*arrays[:1], pa.array([5, 6])], names=["messages", "SCORE"]), folder / "b.parquet")


def two_of_a_name(folder):
    arrays = [pa.array(messages(1)), pa.array([1]), pa.array(["x"]), pa.array([2])]
    pq.write_table(pa.table(arrays, names=["messages", "score", "score", "rest"]), folder / "a.parquet")


def unsigned(folder):
    pq.write_table(
        pa.table(
            {
                "messages": messages(2),
                "u8": pa.array([0, 255], pa.uint8()),
                "u32": pa.array([0, 2**32 - 1], pa.uint32()),
                "u64s": pa.array([[2**64 - 1], []], pa.list_(pa.uint64())),
            }
        ),
        folder / "a.parquet",
    )


def lists_of_bytes(folder):
    pq.write_table(
        pa.table(
            {
                "messages": messages(2),
                "pages": pa.array([[b"ab", b"\xff"], []], pa.list_(pa.binary())),
                "large": pa.array([[b"ab"], None], pa.large_list(pa.large_binary())),
                "fixed": pa.array([[1.0, 2.0], [3.0, 4.0]], pa.list_(pa.float32(), 2)),
            }
        ),
        folder / "a.parquet",
    )


def encoded():
    return pa.table(
        {
            "messages": written(20),
            "i": pa.array(range(20)),
            "f": pa.array([row / 7 for row in range(20)]),
            "b": pa.array([str(row).encode() for row in range(20)]),
            "fixed": pa.array([struct.pack("<q", row) for row in range(20)], pa.binary(8)),
        }
    )


def encodings(folder):
    for name, encoding in {
        "delta": {"messages": "DELTA_BYTE_ARRAY", "i": "DELTA_BINARY_PACKED", "b": "DELTA_LENGTH_BYTE_ARRAY", "fixed": "DELTA_BYTE_ARRAY"},
        "split": {"i": "BYTE_STREAM_SPLIT", "f": "BYTE_STREAM_SPLIT", "fixed": "BYTE_STREAM_SPLIT"},
    }.items():
        for version in ["1.0", "2.0"]:
            path = folder / f"{name}-{version[0]}.parquet"
            pq.write_table(encoded(), path, use_dictionary=False, column_encoding=encoding, data_page_version=version)


def codecs(folder):
    for codec in CODECS:
        pq.write_table(encoded(), folder / f"{codec}.parquet", compression=codec)


def brotli(folder):
    pq.write_table(encoded(), folder / "a.parquet", compression="brotli")


def maps(folder):
    string_map = pa.map_(pa.string(), pa.string())
    conversations = [[[("role", "user"), ("content", f"say {row}")]] for row in range(2)]
    counts = pa.array([[("a", 1), ("b", 2)], [("b", None)]], pa.map_(pa.string(), pa.int64()))
    table = pa.table({"messages": pa.array(conversations, pa.list_(string_map)), "counts": counts})
    pq.write_table(table, folder / "a.parquet")


def dates(folder):
    utc = datetime.timezone.utc
    pq.write_table(
        pa.table(
            {
                "messages": messages(2),
                "day": pa.array([datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]),
                "old": pa.array([datetime.datetime(1582, 10, 4), datetime.datetime(1, 1, 1)]),
                "took": pa.array([datetime.timedelta(days=1), None]),
                "zoned": pa.array([datetime.datetime(2024, 5, 1, tzinfo=utc)] * 2, pa.timestamp("us", "Europe/Berlin")),
                "s": pa.array([1, 2], pa.timestamp("s")),
                "ms": pa.array([1, 2], pa.timestamp("ms")),
            }
        ),
        folder / "a.parquet",
    )


def dask_summary(folder):
    table = pa.table({"messages": messages(2), "score": [1, 2]})
    pq.write_table(table, folder / "part.0.parquet")
    pq.write_metadata(table.schema, folder / "_common_metadata")


RECORDED = [
    polars_nested,
    pandas_index,
    pandas_without_rows,
    fastparquet_pandas,
    duckdb_types,
    special_names,
    unsigned,
    lists_of_bytes,
    encodings,
    codecs,
    maps,
    dates,
    dask_summary,
]


def lines(folder):
    """Every column but the messages, from all files in the order of their names."""
    columns = {}
    for path in sorted(folder.glob("*.parquet")):
        read = pq.ParquetFile(path).read()
        for name in read.column_names:
            if name != "messages":
                columns.setdefault(visible(name), []).extend(text(value) for value in read[name])
    return "".join("\t".join([name, *values]) + "\n" for name, values in columns.items())


def visible(name):
    return name.replace("\t", "\\t").replace("\n", "\\n")


def main(folder):
    for case in [*RECORDED, duckdb_folders, two_cases, two_of_a_name, brotli]:
        name = case.__name__.replace("_", "-")
        (folder / name).mkdir(parents=True, exist_ok=True)
        case(folder / name)
        if case in RECORDED:
            (folder / f"{name}.tsv").write_text(lines(folder / name), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
