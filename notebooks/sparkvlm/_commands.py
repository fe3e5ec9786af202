"""Commands that look at tables, in the session that runs."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame

from sparkvlm._errors import SparkVlmError, call
from sparkvlm._generate import entry_of, options_by_key
from sparkvlm._session import session

_Path = str | os.PathLike[str]


def evaluate(
    output: _Path, *, gold: str, by: str | Sequence[str] = (), export: _Path | Sequence[_Path] = (), **options: Any
) -> dict[str, Any]:
    """Scores the answers of an output table, as ``sparkvlm evaluate`` does.

    :param output: a folder that :func:`generate` or the command line wrote
    :param gold: the column of the right answers
    :param by: columns by whose values the scores are listed, too
    :param export: files for other tools, as ``samples.jsonl`` for lmms-eval or ``answers.xlsx`` for VLMEvalKit
    :param options: the flags of ``sparkvlm evaluate`` in snake_case, as ``metric="anls"``, ``cluster="image_id"``
    :return: ``score`` with the 95 % interval from ``low`` to ``high``, ``rows``, ``scored``, ``errors``; and the same in ``by``,
        for each column and value; ``exports`` says what was written, and what of it was cut
    :raises SparkVlmError: in one line, for what the command line would refuse
    """
    columns = [by] if isinstance(by, str) else list(by)
    files = [export] if isinstance(export, (str, os.PathLike)) else list(export)
    more = [word for file in files for word in ("--export", _absolute(file))]
    return json.loads(_run("evaluate", _place(output), *more, gold=gold, by=columns or None, json=True, **options))


def compare(first: _Path, second: _Path, *, gold: str, **options: Any) -> dict[str, Any]:
    """Says whether the answers of one output table score better than those of another, as ``sparkvlm compare`` does.

    :return: the scores ``first`` and ``second``, their ``difference`` with its 95 % interval, and ``outcomes`` where every score is
        0 or 1
    """
    return json.loads(_run("compare", _place(first), _place(second), gold=gold, json=True, **options))


def report(output: _Path, page: _Path = "report.html", **options: Any) -> str:
    """Writes a page about a job that wrote an output table, as ``sparkvlm report`` does.

    :param page: the file that is written
    :return: where the page is
    """
    _run("report", _place(output), html=_absolute(page), **options)
    return _absolute(page)


def dry_run(requests: DataFrame | _Path, *, model: _Path, **options: Any) -> dict[str, Any]:
    """Says what :func:`generate` would do, and writes nothing, as ``sparkvlm generate --dry-run`` does.

    :param requests: a DataFrame with a column ``request``, ``body`` or ``messages``, or a path of requests
    :param model: as of :func:`generate`
    :param options: its flags, and ``calibrate=0``, to answer no rows for an estimate of the time, and ``price_per_hour``
    :return: counts of rows, tokens, media, errors by their codes, the plan of memory, and an estimate
    """
    if isinstance(requests, DataFrame):
        entry_of(requests)  # refuses one of Spark Connect
        view = f"sparkvlm_{uuid.uuid4().hex}"
        requests.createGlobalTempView(view)
        try:
            return _dry_run(model, input_query=f"SELECT * FROM global_temp.{view}", **options)
        finally:
            requests.sparkSession.catalog.dropGlobalTempView(view)
    return _dry_run(model, input=_place(requests), **options)


def _dry_run(model: _Path, **options: Any) -> dict[str, Any]:
    nowhere = os.path.join(os.path.abspath(os.sep), "nonexistent", "sparkvlm-dry-run")
    return json.loads(_run("generate", dry_run=True, json=True, model=model, output=nowhere, **options))


def _run(command: str, *words: str, **options: Any) -> str:
    flags = [f"--{key}={value}" for key, value in options_by_key(**options).items()]
    running = session()
    gateway = running.sparkContext._gateway
    arguments = [command, *words, *flags]
    array = gateway.new_array(gateway.jvm.java.lang.String, len(arguments))
    for place, argument in enumerate(arguments):
        array[place] = argument
    return call(entry_of(running).run, array)


def _place(output: _Path) -> str:
    """A folder of this machine in full: the JVM's current folder is the one it was started in."""
    if isinstance(output, DataFrame):
        raise SparkVlmError("expected the folder of an output table, found a DataFrame")
    text = os.fspath(output)
    return text if ":/" in text else _absolute(text)


def _absolute(file: _Path) -> str:
    return os.path.abspath(os.fspath(file))
