"""Takes pandas frames and pyarrow tables to Spark, and their answers back in the order of their rows."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Any

from pyspark.errors import PySparkTypeError
from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from sparkvlm._errors import SparkVlmError, call
from sparkvlm._session import session

_ROW_ID = "row_id"


class Frame:
    """A pandas frame or pyarrow table on its way to Spark."""

    def __init__(self, table: Any, back: Callable[[Any], Any]):
        self._table = table
        self._back = back

    @staticmethod
    def of(data: Any) -> Frame | None:
        """The frame or table; None for anything else. What was not imported cannot be given."""
        pandas, pyarrow = sys.modules.get("pandas"), sys.modules.get("pyarrow")
        if pandas is not None and isinstance(data, pandas.DataFrame):
            return Frame(_from_pandas(data), lambda answers: _indexed(answers.to_pandas(), data.index))
        if pyarrow is not None and isinstance(data, pyarrow.Table):
            return Frame(data, lambda answers: answers)
        return None

    def to_spark(self) -> DataFrame:
        import pyarrow as pa

        table = pa.table({name: _for_spark(name, self._table[name]) for name in self._table.column_names})
        if _ROW_ID not in table.column_names:
            table = table.add_column(0, _ROW_ID, pa.array([str(row) for row in range(table.num_rows)], pa.string()))
        self._ids = table[_ROW_ID].cast(pa.string())
        return session().createDataFrame(table, _schema(table))

    def back(self, answers: DataFrame) -> Any:
        """Runs the model, unless its answers are written already."""
        import pyarrow.compute as pc

        table = call(answers.toArrow)
        return self._back(table.take(pc.index_in(self._ids, table[_ROW_ID].combine_chunks())))


def _indexed(answers: Any, index: Any) -> Any:
    answers.index = index
    return answers


def _from_pandas(frame: Any) -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise SparkVlmError("pandas frames are taken to Spark with pyarrow, which is not here: pip install pyarrow") from None
    columns = {}
    for name in frame.columns:
        try:
            columns[str(name)] = pa.Array.from_pandas(_plain(frame[name]))
        except pa.ArrowException as e:
            reason = str(e).splitlines()[0]
            raise SparkVlmError(f"expected values of one type in the frame's column {name}: {reason}") from None
    return pa.table(columns)


def _plain(column: Any) -> Any:
    """The column with bytes in place of Pillow's images, and text in place of paths."""
    return column.map(_plain_value, na_action="ignore") if column.dtype == object else column


def _plain_value(value: Any) -> Any:
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "save") and type(value).__module__.startswith("PIL."):
        png = io.BytesIO()
        value.save(png, "PNG")
        return png.getvalue()
    if isinstance(value, (list, tuple)):
        return [_plain_value(item) for item in value]
    return value


def _for_spark(name: str, column: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return (pc.run_end_decode(column) if pa.types.is_run_end_encoded(column.type) else column).cast(_spark_type(column.type))
    except pa.ArrowException:
        raise SparkVlmError(f"expected a type that Spark has in the column {name}, found {column.type}") from None


def _schema(table: Any) -> StructType:
    """The columns as Spark reads them; timestamps without a zone stay without one."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_schema

    fields = []
    for field in table.schema:
        try:
            fields += from_arrow_schema(pa.schema([field]), prefer_timestamp_ntz=True).fields
        except PySparkTypeError:
            raise SparkVlmError(f"expected a type that Spark has in the column {field.name}, found {field.type}") from None
    return StructType(fields)


def _is_list(kind: Any) -> bool:
    import pyarrow as pa

    return pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)


def _spark_type(kind: Any) -> Any:
    """The type that Spark reads values of this one in; times of day are text, as in the answers to a Parquet table."""
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        return _spark_type(kind.storage_type)
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_spark_type(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(_spark_type(kind.key_type), _spark_type(kind.item_type))
    if _is_list(kind):
        return pa.list_(_spark_type(kind.value_type))
    if pa.types.is_run_end_encoded(kind):
        return _spark_type(kind.value_type)
    if pa.types.is_string_view(kind) or pa.types.is_time(kind) or pa.types.is_decimal256(kind):
        return pa.string()
    if pa.types.is_binary_view(kind):
        return pa.binary()
    if pa.types.is_date64(kind):
        return pa.date32()
    if pa.types.is_dictionary(kind):  # pandas' categories
        return _spark_type(kind.value_type)
    if pa.types.is_null(kind):  # no file has a column without a type
        return pa.string()
    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_unsigned_integer(kind):
        return {8: pa.int16(), 16: pa.int32(), 32: pa.int64(), 64: pa.decimal128(20)}[kind.bit_width]
    return kind
