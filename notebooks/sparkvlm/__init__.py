"""Ask a vision-language model about DataFrames of pictures, on Apache Spark.

Thin functions over DataFrames: the work is done by the project's jar on the executors, where no Python runs. Start reading
at :func:`session` and :func:`generate`.
"""

from sparkvlm._commands import compare, dry_run, evaluate, report
from sparkvlm._demo import demo_folder, demo_model
from sparkvlm._errors import SparkVlmError
from sparkvlm._generate import generate
from sparkvlm._look import errors_by_code, show
from sparkvlm._requests import requests_from_folder
from sparkvlm._session import session

__all__ = [
    "SparkVlmError",
    "compare",
    "demo_folder",
    "demo_model",
    "dry_run",
    "errors_by_code",
    "evaluate",
    "generate",
    "report",
    "requests_from_folder",
    "session",
    "show",
]
