"""Makes a DataFrame of requests from a folder of pictures."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from sparkvlm._errors import SparkVlmError, call

PICTURES = "*.{png,PNG,jpg,JPG,jpeg,JPEG,webp,WEBP,gif,GIF,bmp,BMP}"
_PICTURE_PART = "the picture's part"


def requests_from_folder(
    spark: SparkSession,
    folder: str | os.PathLike[str],
    question: str,
    *,
    pattern: str = PICTURES,
    min_pixels: int | None = None,
    max_pixels: int | None = None,
    **params: Any,
) -> DataFrame:
    """One request for each picture of a folder, however deep it lies; no picture is opened.

    The requests name the pictures relative to the folder, so give the folder to :func:`generate` as
    ``allowed_local_media_path``. To ask several questions, unite the DataFrames of each.

    :param folder: a folder that the driver and the executors see at the same path
    :param question: what is asked about every picture
    :param pattern: which names count, as a glob of Hadoop: ``*.png``, ``cat-*.{jpg,png}``
    :param min_pixels: that a picture is enlarged to, where it has fewer
    :param max_pixels: that a picture is reduced to, where it has more
    :param params: the other fields of an OpenAI body, as ``temperature=0`` or ``max_completion_tokens=64``
    :return: the columns ``picture`` (its name in the folder), ``question`` and ``request`` (the body)
    :raises SparkVlmError: when the folder is not there
    """
    root = Path(os.path.abspath(folder))
    if not root.is_dir():
        raise SparkVlmError(f"expected a folder of pictures, found no folder {root}")
    files = call(
        spark.read.format("binaryFile")
        .option("pathGlobFilter", pattern)
        .option("recursiveFileLookup", "true")
        .load,
        re.sub(r"[\\{}\[\]*?]", r"\\\g<0>", str(root)),  # Spark takes every path for a pattern
    )
    # As Hadoop writes a local path: no slash at its end, but for the root's.
    below = len(f"file:{root}".rstrip("/")) + 2
    picture = F.substring(F.col("path"), below, 1 << 30)
    return files.select(picture.alias("picture")).select(
        "picture",
        F.lit(question).alias("question"),
        _body(question, _image_url(min_pixels, max_pixels), params).alias("request"),
    )


def _image_url(min_pixels: int | None, max_pixels: int | None) -> Column:
    name = F.col("picture")
    # A name with a colon would be taken for a URL.
    fields = [F.when(name.contains(":"), F.concat(F.lit("./"), name)).otherwise(name).alias("url")]
    if min_pixels is not None:
        fields.append(F.lit(min_pixels).alias("min_pixels"))
    if max_pixels is not None:
        fields.append(F.lit(max_pixels).alias("max_pixels"))
    return F.to_json(F.struct(*fields))


def _body(question: str, image_url: Column, params: dict[str, Any]) -> Column:
    content = [{"type": "image_url", "image_url": _PICTURE_PART}, {"type": "text", "text": question}]
    body = {"messages": [{"role": "user", "content": content}], **params}
    before, _, after = json.dumps(body, ensure_ascii=False).partition(json.dumps(_PICTURE_PART))
    return F.concat(F.lit(before), image_url, F.lit(after))
