"""Writes the Parquet files that the tests of the job read, and what pyarrow reads from them.

python -m venv venv && venv/bin/pip install pyarrow==26.0.1
venv/bin/python make_tables.py ../resources/io/sparkvlm/job/input
"""

import datetime
import decimal
import struct
import sys
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

UTC = datetime.timezone.utc
BODY = '{"messages":[{"role":"user","content":"hi"}]}'


def int64s(values, type):
    """Values of a type of times, by what lies in the file."""
    return pa.array(values, pa.int64()).view(type)


def columns():
    """A column of each type that Parquet has and pyarrow writes, with its ends, null and what is usual."""
    us = lambda text: int((datetime.datetime.fromisoformat(text) - datetime.datetime(1970, 1, 1)).total_seconds()) * 10**6
    for_ever = us("9999-12-31T00:00:00")
    first = us("0001-01-01T00:00:00")
    usual = us("2024-05-01T10:00:00") + 123456
    return {
        "boolean": pa.array([True, False, None, True]),
        "int8": pa.array([-128, 127, None, 0], pa.int8()),
        "int16": pa.array([-(2**15), 2**15 - 1, None, 0], pa.int16()),
        "int32": pa.array([-(2**31), 2**31 - 1, None, 0], pa.int32()),
        "int64": pa.array([-(2**63), 2**63 - 1, None, 0], pa.int64()),
        "uint8": pa.array([0, 255, None, 1], pa.uint8()),
        "uint16": pa.array([0, 2**16 - 1, None, 1], pa.uint16()),
        "uint32": pa.array([0, 2**32 - 1, None, 1], pa.uint32()),
        "uint64": pa.array([0, 2**64 - 1, None, 1], pa.uint64()),
        "float16": pa.array([0.5, -65504.0, None, 6e-8], pa.float16()),
        "float32": pa.array([0.1, float("-inf"), None, 3.4e38], pa.float32()),
        "float64": pa.array([0.1, float("inf"), None, 1.7e308]),
        "decimal_9_2": pa.array([decimal.Decimal("-1234567.89"), decimal.Decimal("0.01"), None, decimal.Decimal(0)], pa.decimal128(9, 2)),
        "decimal_18_4": pa.array([decimal.Decimal("-12345678901234.5678"), decimal.Decimal("0.0001"), None, decimal.Decimal(0)], pa.decimal128(18, 4)),
        "decimal_38_10": pa.array([decimal.Decimal("-1234567890123456789012345678.0123456789"), decimal.Decimal(1), None, decimal.Decimal(0)], pa.decimal128(38, 10)),
        "decimal_50_5": pa.array([decimal.Decimal("-123456789012345678901234567890123456789012345.00001"), decimal.Decimal(1), None, decimal.Decimal(0)], pa.decimal256(50, 5)),
        "string": pa.array(["", "ä€😀", None, "x"]),
        "large_string": pa.array(["", "ä€😀", None, "x"], pa.large_string()),
        "dictionary": pa.array(["a", "b", None, "a"]).dictionary_encode(),
        "binary": pa.array([b"", b"\x00\xff", None, b"x"]),
        "fixed": pa.array([b"\x00\x01\x02", b"\xff\xfe\xfd", None, b"abc"], pa.binary(3)),
        "uuid": pa.array([uuid.UUID(int=0).bytes, uuid.UUID(int=2**128 - 1).bytes, None, b"0123456789abcdef"], pa.uuid()),
        "json": pa.array(['{"a":1}', "[]", None, "null"], pa.json_()),
        "date": pa.array([datetime.date(1, 1, 1), datetime.date(9999, 12, 31), None, datetime.date(1582, 10, 10)]),
        "time_ms": pa.array([0, 86_399_999, None, 36_000_123], pa.int32()).view(pa.time32("ms")),
        "time_us": int64s([0, 86_399_999_999, None, 36_000_123_456], pa.time64("us")),
        "time_ns": int64s([0, 86_399_999_999_999, None, 36_000_123_456_789], pa.time64("ns")),
        "timestamp_ms": int64s([first // 1000, for_ever // 1000, None, usual // 1000], pa.timestamp("ms")),
        "timestamp_us": int64s([first, for_ever, None, usual], pa.timestamp("us")),
        "timestamp_ns": int64s([-1, usual * 1000 + 789, None, -(2**62)], pa.timestamp("ns")),
        "timestamp_ms_utc": int64s([first // 1000, for_ever // 1000, None, usual // 1000], pa.timestamp("ms", "UTC")),
        "timestamp_us_utc": int64s([first, for_ever, None, usual], pa.timestamp("us", "UTC")),
        "timestamp_us_berlin": int64s([first, for_ever, None, usual], pa.timestamp("us", "Europe/Berlin")),
        "timestamp_ns_utc": int64s([-1, usual * 1000 + 789, None, -(2**62)], pa.timestamp("ns", "UTC")),
        "duration": int64s([-1, 2**62, None, 0], pa.duration("us")),
        "null": pa.nulls(4),
        "list": pa.array([[1, None], [], None, [2**40]], pa.list_(pa.int64())),
        "list_of_time": pa.array([[datetime.time(1, 2, 3), None], [], None, [datetime.time(0)]], pa.list_(pa.time64("ns"))),
        "list_of_null": pa.array([[None], [], None, [None, None]], pa.list_(pa.null())),
        "map": pa.array([[("a", 1.5)], [], None, [("b", None)]], pa.map_(pa.string(), pa.float32())),
        "struct": pa.array(
            [
                {"when": datetime.datetime(9999, 12, 31, tzinfo=UTC), "day": datetime.date(2024, 5, 1), "no": None},
                {"when": None, "day": None, "no": None},
                None,
                {"when": datetime.datetime(2024, 5, 1, 10, 0, 0, 123456, UTC), "day": datetime.date(1, 1, 1), "no": None},
            ],
            pa.struct([("when", pa.timestamp("us", "UTC")), ("day", pa.date32()), ("no", pa.null())]),
        ),
        "deep": pa.array(
            [[{"id": b"0123456789abcdef", "at": [("k", 1_000_001)]}], [None], None, []],
            pa.list_(pa.struct([("id", pa.binary(16)), ("at", pa.map_(pa.string(), pa.timestamp("ns")))])),
        ),
    }


def text(scalar):
    """A value as CarriedTypesTest writes what lies in the answers: times of day as text, other times in microseconds."""
    type = scalar.type
    if not scalar.is_valid:
        return "null"
    if isinstance(scalar, pa.ExtensionScalar):
        value = scalar.as_py()
        return str(value) if isinstance(value, uuid.UUID) else text(scalar.value)
    if pa.types.is_boolean(type):
        return str(scalar.as_py()).lower()
    if pa.types.is_floating(type):
        return struct.pack(">d", scalar.as_py()).hex()
    if pa.types.is_decimal(type):
        return format(scalar.as_py(), "f")
    if pa.types.is_timestamp(type):
        return str({"ms": scalar.value * 1000, "us": scalar.value, "ns": scalar.value // 1000}[type.unit])
    if pa.types.is_time(type):
        return time(scalar.value * {"ms": 10**6, "us": 10**3, "ns": 1}[type.unit])
    if pa.types.is_date(type) or pa.types.is_duration(type):
        return str(scalar.value)
    if pa.types.is_dictionary(type):
        return scalar.as_py()
    if pa.types.is_struct(type):
        return "{" + ",".join(f"{field.name}={text(scalar[field.name])}" for field in type) + "}"
    if pa.types.is_map(type):
        return "{" + ",".join(f"{text(entry['key'])}={text(entry['value'])}" for entry in scalar.values) + "}"
    if pa.types.is_list(type) or pa.types.is_large_list(type) or pa.types.is_fixed_size_list(type):
        return "[" + ",".join(text(element) for element in scalar.values) + "]"
    value = scalar.as_py()
    return value.hex() if isinstance(value, bytes) else str(value)


def time(nanos):
    seconds, fraction = divmod(nanos, 10**9)
    digits = f".{fraction:09}".rstrip("0").rstrip(".")
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{digits}"


def record(name, table, folder, **options):
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd", **options)
    read = pq.read_table(folder / f"{name}.parquet")
    lines = [
        "\t".join([column, *(text(value) for value in read[column])]) + "\n" for column in read.column_names[1:]
    ]
    (folder / f"{name}.tsv").write_text("".join(lines))


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    record("all-types", pa.table({"body": [BODY] * 4, **columns()}), folder)
    instants = pa.array([datetime.datetime(2024, 5, 1, 10, 0, 0, 123456), None])
    record("int96", pa.table({"body": [BODY] * 2, "int96": instants}), folder, use_deprecated_int96_timestamps=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
