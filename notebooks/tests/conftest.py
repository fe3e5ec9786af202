"""What the tests share: one Spark session, and the files that the jar carries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import sparkvlm


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep", action="store_true", help="keep the outputs of this run in the notebooks themselves")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = sparkvlm.session(conf={"spark.sql.shuffle.partitions": "2"})
    yield session
    session.stop()


@pytest.fixture(scope="session")
def top() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def demo() -> Path:
    """The jar's demo: requests.jsonl, and the media that they name."""
    return Path(sparkvlm.demo_folder()).parent
