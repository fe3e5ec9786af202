"""The model and the pictures that the jar carries."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from sparkvlm._jar import find_jar

_IN_JAR = "io/sparkvlm/job/demo/"


def demo_model(jar: str | os.PathLike[str] | None = None) -> str:
    """The checkpoint that the jar carries, as a folder of this machine.

    A Qwen2-VL of 3.9 million parameters that knows coloured shapes, digits and short films of one moving shape, and
    nothing else.
    """
    return str(_unpacked(find_jar(jar)) / "model")


def demo_folder(jar: str | os.PathLike[str] | None = None) -> str:
    """The pictures that the jar carries, as a folder of this machine; two of its files are for requests that fail."""
    return str(_unpacked(find_jar(jar)) / "media")


def _is_demo(name: str) -> bool:
    return name.startswith(_IN_JAR) and not name.endswith(".class")


def _unpacked(jar: Path) -> Path:
    """The demo's files, which are unpacked once for each jar that was built."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sparkvlm"
    built = jar.stat()
    folder = cache / f"demo-{built.st_size:x}-{built.st_mtime_ns:x}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as unfinished:
        with zipfile.ZipFile(jar) as archive:
            archive.extractall(unfinished, [name for name in archive.namelist() if _is_demo(name)])
        try:
            # Whole or not at all, also where two unpack at the same time.
            os.replace(Path(unfinished, _IN_JAR), folder)
        except OSError:
            if not folder.is_dir():
                raise
    for other in cache.glob("demo-*"):
        if other != folder and other.stat().st_mtime_ns < folder.stat().st_mtime_ns:
            shutil.rmtree(other, ignore_errors=True)
    return folder
