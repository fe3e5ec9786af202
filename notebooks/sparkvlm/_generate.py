"""Turns requests into answers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from py4j.java_gateway import JavaPackage
from pyspark.sql import DataFrame

from sparkvlm._errors import SparkVlmError, call


def generate(
    requests: DataFrame,
    *,
    model: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    **options: Any,
) -> DataFrame:
    """Answers a DataFrame of requests: a row of the output table for each row, errors among them.

    With ``output`` the model runs now and once: the answers are written there as Parquet and read back, to be looked at as
    often as you like. Without it nothing runs before an action asks for the answers, and *every* action runs the model
    again: give it one, do not count, show, sort or join before. ``preprocessing="staged"`` fetches and decodes the media at
    once, in a stage that runs before this returns, and keeps what it made for every action.

    :param requests: a column ``request`` or ``body`` (the JSON of an OpenAI body or Batch line), or ``messages`` (JSON, or
        an array of structs) with the parameters in columns of their names; perhaps ``custom_id`` and ``row_id``; other
        columns are carried through. Without ``row_id`` rows are named by a hash of what they hold.
    :param model: a folder, or ``Org/Name`` in the local Hugging Face cache
    :param output: a folder that is not there yet, or empty
    :param options: the flags of ``sparkvlm generate`` in snake_case, as ``dtype="float32"``, ``max_num_seqs=16``,
        ``strict=True``, ``limit_mm_per_prompt={"image": 10}``
    :raises SparkVlmError: in one line, for what the command line would refuse
    """
    entry = _entry(requests)
    keys = options_by_key(model=model, **options)
    if output is None:
        answers = call(entry.generate, requests._jdf, keys)
    else:
        answers = call(entry.generateTo, os.fspath(output), requests._jdf, keys)
    return DataFrame(answers, requests.sparkSession)


def options_by_key(**options: Any) -> dict[str, str]:
    """The options as the command line writes them; those that are ``None`` are left out."""
    return {name.replace("_", "-"): _text(value) for name, value in options.items() if value is not None}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, os.PathLike):
        return os.path.abspath(value)  # the JVM's current folder is the one it was started in
    if isinstance(value, Mapping):
        return ",".join(f"{key}={_text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ",".join(_text(item) for item in value)
    return str(value)


def _entry(requests: DataFrame) -> Any:
    if not hasattr(requests, "_jdf"):
        raise SparkVlmError("expected a DataFrame of a Spark session in this process, found one of Spark Connect")
    entry = requests.sparkSession._jvm.io.sparkvlm.job.SparkVlm
    if isinstance(entry, JavaPackage):
        raise SparkVlmError(
            "the Spark session does not have the project's jar: start it with sparkvlm.session(), or with spark.jars set to"
            " spark-vlm.jar"
        )
    return entry
