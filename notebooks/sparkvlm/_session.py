"""Starts a Spark session that knows the project's jar."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from py4j.java_gateway import JavaGateway
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from sparkvlm._errors import SparkVlmError
from sparkvlm._jar import find_jar

_LOCAL_MASTER = "local[*,4]"
_LOG_SETTINGS = Path(__file__).with_name("log4j2.properties")
_ENVIRONMENT = {
    # Fresh pages of 4 KiB halve libtorch's speed on the CPU.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    # libtorch's threads would wait awake for milliseconds, and take the processor from those that compute.
    "GOMP_SPINCOUNT": "1000",
}
# Said by every JVM that Spark starts, and no setting silences it.
_NO_NEWS = b"WARNING: Using incubator modules: jdk.incubator.vector"


def session(
    jar: str | os.PathLike[str] | None = None,
    *,
    master: str = _LOCAL_MASTER,
    conf: Mapping[str, str] | None = None,
) -> SparkSession:
    """Starts a Spark session that knows the project's jar, with the settings that the command line takes.

    :param jar: the jar; without it ``SPARKVLM_JAR``, else the one built in the checkout around the current folder or this
        package
    :param master: Spark's master; on this machine all cores, and as many attempts of a task as on a cluster
    :param conf: other settings of Spark; they go before those made here
    :raises SparkVlmError: when the jar is not there, or a session of Spark Connect runs

    If a session runs already, it is returned as it is.
    """
    running = SparkSession.getActiveSession()
    if running is not None:
        require_jvm(running)
        return running
    settings = SparkConf(loadDefaults=False)
    settings.setAll(list((_settings(find_jar(jar), master) | dict(conf or {})).items()))
    if SparkContext._gateway is None and "PYSPARK_GATEWAY_PORT" not in os.environ:  # which spark-submit sets
        SparkContext(conf=settings, gateway=_start_jvm(settings, local=master.startswith("local")))
    return SparkSession.builder.config(conf=settings).getOrCreate()


def require_jvm(running: Any) -> None:
    """Refuses a session of Spark Connect, whose JVM is in another process and runs no classes of a jar of ours."""
    if not hasattr(running, "_jvm"):
        raise SparkVlmError(
            "expected a Spark session in this process, found one of Spark Connect, which runs no classes of a jar: stop it and"
            " start one with sparkvlm.session(), or write the requests to a table and answer it with spark-submit"
        )


def _start_jvm(settings: SparkConf, local: bool) -> JavaGateway:
    """Starts Spark's JVM, which is a process of its own and takes its environment from this one."""
    environment = _ENVIRONMENT | ({"SPARK_LOCAL_IP": "127.0.0.1"} if local else {})
    added = [name for name in environment if name not in os.environ]
    os.environ.update({name: environment[name] for name in added})
    log, log_of_jvm = os.pipe()
    threading.Thread(target=_pass_on, args=(log,), daemon=True, name="spark-stderr").start()
    try:
        return launch_gateway(settings, popen_kwargs={"stderr": log_of_jvm})
    finally:
        os.close(log_of_jvm)
        for name in added:
            del os.environ[name]


def _pass_on(log: int) -> None:
    with open(log, "rb") as lines:
        for line in lines:
            if line.strip() != _NO_NEWS:
                sys.stderr.write(line.decode(errors="replace"))


def _settings(jar: Path, master: str) -> dict[str, str]:
    settings = {
        "spark.app.name": "Spark VLM",
        "spark.master": master,
        "spark.jars": jar.as_uri(),
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOG_SETTINGS.as_uri()}",
        # Progress bars would be kept in the notebook.
        "spark.ui.showConsoleProgress": "false",
        # Rows may hold pictures: 4,096 of them, Spark's batch, are gigabytes in one column.
        "spark.sql.parquet.columnarReaderBatchSize": "64",
        # Spark's own INT96 loses the zone, and pyarrow takes the year 9999 for 1816.
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        # Java's older classes have another calendar before 1582, and no 10 October of that year.
        "spark.sql.datetime.java8API.enabled": "true",
    } | {f"spark.executorEnv.{name}": value for name, value in _ENVIRONMENT.items()}
    if master.startswith("local"):
        settings |= {
            "spark.driver.host": "localhost",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
        }
    return settings
