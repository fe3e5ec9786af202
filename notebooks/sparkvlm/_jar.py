"""Finds the project's jar."""

from __future__ import annotations

import os
from pathlib import Path

from sparkvlm._errors import SparkVlmError

VARIABLE = "SPARKVLM_JAR"
_BUILT = Path("job", "target", "spark-vlm.jar")


def find_jar(jar: str | os.PathLike[str] | None = None) -> Path:
    """The jar that is named here or in ``SPARKVLM_JAR``, else the one that was built in the checkout around us."""
    named = jar or os.environ.get(VARIABLE)
    if named:
        path = Path(named).absolute()
        if not path.is_file():
            raise SparkVlmError(f"expected the project's jar at {path}, found no file")
        return path
    starts = [Path.cwd(), Path(__file__).resolve().parent]
    for folder in (folder for start in starts for folder in (start, *start.parents)):
        if (folder / _BUILT).is_file():
            return folder / _BUILT
    raise SparkVlmError(
        f"expected {_BUILT} in a folder above {Path.cwd()}, found none: ./sparkvlm --version in the checkout builds it,"
        f" jar= or {VARIABLE} names another"
    )
