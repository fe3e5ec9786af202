"""Says in one line what failed on Spark's side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException, IllegalArgumentException, PySparkException


class SparkVlmError(Exception):
    """What was asked for cannot be done; the message is one line that says why."""


def call(function: Callable[..., Any], *args: Any) -> Any:
    """Calls a function of the JVM; what it throws arrives as a :class:`SparkVlmError`."""
    try:
        return function(*args)
    except (AnalysisException, IllegalArgumentException) as e:  # already speak to the user
        message = str(e)
    except Py4JJavaError as e:
        message = "the job was aborted: " + _root_message(e.java_exception)
    except PySparkException as e:
        origin = getattr(e, "_origin", None)
        message = "the job was aborted: " + (str(e) if origin is None else _root_message(origin))
    # Outside the handlers, so that Py4J's stack is not shown as its context.
    raise SparkVlmError(_first_line(message))


def _root_message(exception: Any) -> str:
    while exception.getCause() is not None:
        exception = exception.getCause()
    return exception.getMessage() or exception.getClass().getSimpleName()


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason was given")
