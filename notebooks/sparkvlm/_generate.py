"""Turns requests into answers."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from py4j.java_gateway import JavaPackage
from pyspark.sql import DataFrame

from sparkvlm._errors import SparkVlmError, call
from sparkvlm._frames import Frame
from sparkvlm._session import require_jvm


_ARGUMENTS = ("image", "video", "prompt", "system", "output", "model")


def generate(
    requests: Any,
    *,
    model: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    image: str | Sequence[str] | None = None,
    video: str | Sequence[str] | None = None,
    prompt: str | None = None,
    system: str | None = None,
    **options: Any,
) -> Any:
    """Answers a table of requests, or of pictures and prompts: a row of the output table for each row, errors among them.

    A Spark DataFrame gives a Spark DataFrame. With ``output`` the model runs now and once: the answers are written there as
    Parquet and read back, to be looked at as often as you like. Without it nothing runs before an action asks for the
    answers, and *every* action runs the model again: give it one, do not count, show, sort or join before.
    ``preprocessing="staged"`` fetches and decodes the media at once, in a stage that runs before this returns, and keeps what
    it made for every action.

    A pandas frame or a pyarrow table is answered now, and gives one of its kind with the answers in the order of its rows
    and, for pandas, under the same index.

    :param requests: pictures and prompts in columns, as ``image`` and ``prompt`` say, or requests: a column ``request`` or
        ``body`` (the JSON of an OpenAI body or Batch line), or ``messages`` (JSON, or an array of structs) with the parameters
        in columns of their names; perhaps ``custom_id`` and ``row_id``. Other columns are carried through. Without ``row_id``
        the rows of a Spark DataFrame are named by a hash of what they hold, and those of a frame are numbered.
    :param model: a folder, or ``Org/Name`` in the local Hugging Face cache
    :param output: a folder that is not there yet, or empty
    :param image: the column that holds images, or several: bytes, paths or URLs, structs of bytes and path, arrays of these,
        in pandas also Pillow's images. Paths need ``allowed_local_media_path``, URLs ``allowed_media_domains``.
    :param video: the column that holds video files, or several, in the same ways
    :param prompt: the column that holds what is asked, or the text itself, with names of columns in braces, as
        ``"Is this a {label}?"``
    :param system: what the model is told before it is asked
    :param options: the flags of ``sparkvlm generate`` in snake_case, as ``dtype="float32"``, ``max_num_seqs=16``,
        ``strict=True``, ``limit_mm_per_prompt={"image": 10}``; among them the sampling of requests that do not have their
        own, as ``temperature=0``, ``max_tokens=64``, ``stop=["\\n\\n"]``; and, with ``output``, ``dedupe=True``, which answers
        equal requests once
    :raises SparkVlmError: in one line, for what the command line would refuse
    """
    _require_known(options)
    frame = Frame.of(requests)
    table = requests if frame is None else frame.to_spark()
    entry = _entry(table)
    keys = options_by_key(
        model=model, image_column=image, video_column=video, system_prompt=system, **_prompt(prompt, table.columns), **options
    )
    answers = _answers(entry, table, output, keys)
    return answers if frame is None else frame.back(answers)


def _require_known(options: Mapping[str, Any]) -> None:
    """Names the argument that was meant; what is no flag either is refused with the flags."""
    for name in options:
        for near in difflib.get_close_matches(name, _ARGUMENTS, 1, 0.8):
            raise SparkVlmError(f'unknown argument "{name}"; the nearest is "{near}"')


def _prompt(prompt: str | None, names: Sequence[str]) -> dict[str, str | None]:
    if prompt is None or prompt not in names and not re.fullmatch(r"\w+", prompt):
        return {"prompt": prompt}
    if prompt not in names:
        raise SparkVlmError(
            f'expected prompt to be a column or a text of several words, found "{prompt}", which is none of the columns '
            + ", ".join(names)
        )
    return {"prompt_column": prompt}


def _answers(entry: Any, requests: DataFrame, output: str | os.PathLike[str] | None, keys: dict[str, str]) -> DataFrame:
    if output is None:
        answers = call(entry.generate, requests._jdf, keys)
    else:
        answers = call(entry.generateTo, os.fspath(output), requests._jdf, keys)
    return DataFrame(answers, requests.sparkSession)


def options_by_key(**options: Any) -> dict[str, str]:
    """The options as the command line writes them; those that are ``None`` are left out."""
    return {
        name.replace("_", "-"): _stop(value) if name == "stop" else _text(value)
        for name, value in options.items()
        if value is not None
    }


def _stop(value: Any) -> str:
    """One text or several, whatever signs they hold."""
    return json.dumps([value] if isinstance(value, str) else list(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, os.PathLike):
        return os.path.abspath(value)  # the JVM's current folder is the one it was started in
    if isinstance(value, Mapping):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        return ",".join(_text(item) for item in value)
    return str(value)


def _entry(requests: Any) -> Any:
    if not isinstance(requests, DataFrame):
        raise SparkVlmError(
            f"expected a DataFrame of Spark or pandas, or a table of pyarrow, found {type(requests).__module__}."
            f"{type(requests).__qualname__}"
        )
    return entry_of(requests)


def entry_of(owner: Any) -> Any:
    """The class of the jar that a DataFrame or a session of this process can call."""
    session = getattr(owner, "sparkSession", owner)
    require_jvm(session)
    entry = session._jvm.io.sparkvlm.job.SparkVlm
    if isinstance(entry, JavaPackage):
        raise SparkVlmError(
            "the Spark session does not have the project's jar: start it with sparkvlm.session(), or with spark.jars set to"
            " spark-vlm.jar"
        )
    return entry
