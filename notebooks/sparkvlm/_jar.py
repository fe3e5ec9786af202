"""Finds the project's jar."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sparkvlm._errors import SparkVlmError

VARIABLE = "SPARKVLM_JAR"
_BUILT = Path("job", "target", "spark-vlm.jar")
_HASH = Path("src", "build", "source-hash")


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
            return _of_its_sources(folder)
    raise SparkVlmError(
        f"expected {_BUILT} in a folder above {Path.cwd()}, found none: ./sparkvlm --version in the checkout builds it,"
        f" jar= or {VARIABLE} names another"
    )


def _of_its_sources(checkout: Path) -> Path:
    """The checkout's jar, unless its sources are others by now: the rule of ``./sparkvlm``, which builds it then."""
    jar = checkout / _BUILT
    built = jar.with_suffix(".sources")
    found = subprocess.run([checkout / _HASH], capture_output=True, text=True, check=True).stdout
    if not built.is_file() or built.read_text() != found:
        raise SparkVlmError(f"the jar {jar} is not of the sources around it: ./sparkvlm --version in the checkout builds it")
    return jar
