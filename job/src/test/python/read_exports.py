"""Reads what evaluate --export wrote with the code of lmms-eval and VLMEvalKit, and scores it again with theirs.

python -m venv venv && venv/bin/pip install pandas openpyxl validators && venv/bin/pip install --no-deps lmms-eval==0.7.3 ms-vlmeval==0.0.20
venv/bin/python read_exports.py samples.jsonl answers.xlsx answers.tsv

The files are of one table, scored by the metric exact; ms-vlmeval is VLMEvalKit as PyPI has it.
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

import pandas as pd


def module(package, path, **around):
    """A file of a package, with stand-ins for what it imports of the package around it, which brings every model."""
    folder = next(Path(place, package) for place in sys.path if Path(place, package).is_dir())
    name = f"{package}.{path[:-3].replace('/', '.')}"
    for stub, names in around.items():
        sys.modules[f"{name.rpartition('.')[0]}.{stub}"] = types.SimpleNamespace(**names)
    for depth in range(1, name.count(".") + 1):
        parent = ".".join(name.split(".")[:depth])
        sys.modules.setdefault(parent, types.ModuleType(parent))
    spec = importlib.util.spec_from_file_location(name, folder / path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


loader = module("lmms_eval", "baselines/loader.py", registry={"BASELINE_REGISTRY": {}})
files = module(
    "vlmeval",
    "smp/file.py",
    log={"get_logger": lambda *_: None},
    misc={"toliststr": None},
    vlm={"decode_base64_to_image_file": None},
)

samples, xlsx, tsv = sys.argv[1:]
scores, _ = loader.load_baseline(samples, "ours")
tables = [files.load(xlsx), files.load(tsv)]
pd.testing.assert_frame_equal(*tables, check_dtype=False)
table = tables[0]
scored = table[table["score"].notna()].set_index("index")
assert scores == scored["score"].to_dict()
# Without a key that says score, lmms-eval compares the answer with the target itself.
lines = [json.loads(line) for line in Path(samples).read_text(encoding="utf-8").splitlines()]
again = {
    line["doc_id"]: loader._extract_score_from_sample({"target": line["target"], "filtered_resps": line["filtered_resps"]}, "ours")
    for line in lines
}
for number, row in scored.iterrows():
    same = str(row["prediction"]) == str(row["answer"])
    assert row["score"] == same == bool(again[number] or 0), (number, row)
print(f"{len(table)} rows, {len(scores)} scored, mean {scored['score'].mean():.4f}")
print(f"{table['prediction'].astype(str).str.contains('Failed to obtain answer').sum()} not answered")
