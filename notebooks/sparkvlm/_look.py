"""Shows answers in a notebook."""

from __future__ import annotations

import base64
import io
import os
import warnings
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from sparkvlm._errors import SparkVlmError

# A file that is shown as it is; larger ones are made smaller where Pillow is there.
_MAX_SHOWN_BYTES = 16 << 10
_THUMBNAIL_PIXELS = 192
# By their first bytes.
_KINDS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"RIFF": "webp", b"GIF8": "gif", b"BM": "bmp"}

_STYLE = """
.sparkvlm { display: flex; flex-wrap: wrap; gap: 10px; font: 13px/1.4 system-ui, sans-serif; }
.sparkvlm .row { display: flex; gap: 10px; width: 300px; padding: 8px; box-sizing: border-box;
  border: 1px solid rgba(128, 128, 128, .35); border-radius: 6px; }
.sparkvlm .pictures { display: flex; flex-direction: column; gap: 4px; flex: none; width: 84px; }
.sparkvlm img { width: 84px; border-radius: 3px; }
.sparkvlm .none { width: 84px; height: 84px; border-radius: 3px; background: rgba(128, 128, 128, .15);
  display: flex; align-items: center; justify-content: center; text-align: center; font-size: 11px; opacity: .75; }
.sparkvlm .words { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.sparkvlm .question { opacity: .7; }
.sparkvlm .answer { font-weight: 600; white-space: pre-wrap; }
.sparkvlm .error { color: #c0392b; font-weight: 600; }
.sparkvlm .message { color: #c0392b; }
.sparkvlm .about { margin-top: 3px; font-size: 11px; opacity: .6; }
"""


def errors_by_code(answers: DataFrame) -> DataFrame:
    """How many rows are errors, by their code, most first, with one of the messages.

    :param answers: what was written by :func:`generate` and read back; without an ``output`` the model runs again
    :return: the columns ``code``, ``rows`` and ``example``
    """
    _warn_if_unfinished(answers)
    return (
        answers.where(F.col("status") == "error")
        .groupBy(F.col("error.code").alias("code"))
        .agg(F.count(F.lit(1)).alias("rows"), F.min("error.message").alias("example"))
        .orderBy(F.desc("rows"), "code")
    )


class Gallery:
    """Pictures beside answers, for the end of a notebook's cell."""

    def __init__(self, html: str, text: str):
        self._html = html
        self._text = text

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._text


def show(answers: DataFrame, folder: str | os.PathLike[str], rows: int = 12) -> Gallery:
    """Shows the first rows in a notebook: pictures beside questions and answers, or what was wrong.

    :param answers: what was written by :func:`generate` and read back, perhaps filtered and sorted; without an ``output``
        the model runs again
    :param folder: the folder that the requests name their pictures in
    :param rows: how many at most
    """
    _warn_if_unfinished(answers)
    shown = answers.limit(rows).collect()
    cards = "".join(_card(row, Path(folder)) for row in shown)
    return Gallery(
        f'<style>{_STYLE}</style><div class="sparkvlm">{cards}</div>',
        "\n".join(f"{' '.join(_names(row))}: {_said(row)}" for row in shown),
    )


def _warn_if_unfinished(answers: DataFrame) -> None:
    """Where the table lies on a local disk: a job that still writes it has left its record and not its end."""
    if not isinstance(answers, DataFrame):
        raise SparkVlmError(
            f"expected answers in a DataFrame of Spark, found {type(answers).__module__}.{type(answers).__qualname__}: give"
            " generate an output, and read that with spark.read.parquet"
        )
    paths = (urlsplit(uri) for uri in answers.inputFiles())
    for folder in {Path(unquote(path.path)).parent for path in paths if path.scheme == "file"}:
        if (folder / "_sparkvlm.json").exists() and not (folder / "_SUCCESS").exists():
            warnings.warn(
                f"the table in {folder} is not finished: the job that writes it still runs, or was broken off and goes on"
                " when it is started again",
                stacklevel=3,
            )


def _card(row: Row, folder: Path) -> str:
    pictures = "".join(_picture(folder, name) for name in _names(row))
    question = f'<div class="question">{escape(row.question)}</div>' if _has(row, "question") else ""
    if row.status == "ok":
        words = f'<div class="answer">{escape(row.text)}</div>'
        about = f"{row.usage.completion_tokens} tokens, {row.timing.total_ms:,.0f} ms"
    else:
        words = f'<div class="error">{_code(row.error.code)}</div><div class="message">{escape(row.error.message)}</div>'
        about = _code(row.error.param or "")
    name = escape(" ".join(_names(row)) or row.custom_id)
    about = f'<div class="about">{name}<br>{about}</div>'
    return f'<div class="row"><div class="pictures">{pictures}</div><div class="words">{question}{words}{about}</div></div>'


def _code(text: str) -> str:
    return escape(text).replace("_", "_<wbr>")


def _said(row: Row) -> str:
    return row.text if row.status == "ok" else f"{row.error.code}: {row.error.message}"


def _has(row: Row, column: str) -> bool:
    return column in row.__fields__ and row[column] is not None


def _names(row: Row) -> list[str]:
    """The row's picture, else what its request named; a row that was refused tells only the former."""
    if _has(row, "picture") and isinstance(row.picture, str):
        return [row.picture]
    return [medium.ref for medium in row.media or []]


def _picture(folder: Path, name: str) -> str:
    data = _thumbnail(folder, name)
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    if kind is None:
        return '<div class="none">no picture</div>'
    return f'<img alt="{escape(name)}" src="data:image/{kind};base64,{base64.b64encode(data).decode()}">'


def _thumbnail(folder: Path, name: str) -> bytes:
    """What a browser can show of a picture in the folder; nothing, where there is none or it is damaged."""
    try:
        path = (folder / name).resolve()
        data = path.read_bytes() if path.is_relative_to(folder.resolve()) else b""
    except (OSError, ValueError):
        return b""
    try:
        from PIL import Image
    except ImportError:
        return data if len(data) <= _MAX_SHOWN_BYTES else b""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            if len(data) <= _MAX_SHOWN_BYTES:
                return data
            image.thumbnail((_THUMBNAIL_PIXELS, _THUMBNAIL_PIXELS))
            small = io.BytesIO()
            image.convert("RGB").save(small, "JPEG", quality=80)
            return small.getvalue()
    except (OSError, SyntaxError, ValueError):  # what Pillow raises for files that are damaged
        return b""
