"""Writes what the patches of the recorded reference cases are, a line an image or video.

usage: patch_digests.py REFERENCE OUT.tsv   (needs numpy and safetensors)

REFERENCE holds requests.jsonl and expected/*.{json,safetensors} as transformers gave them. A line has: case, image or
video, files, min and max pixels (0 0 for a video: its default), grid t h w, sha256 of the uint8 patches.
"""
import hashlib
import json
import pathlib
import sys

from safetensors.numpy import load_file

reference, out = map(pathlib.Path, sys.argv[1:])
lines = []
for line in (reference / "requests.jsonl").read_text().splitlines():
    request = json.loads(line)
    name = request["custom_id"]
    record = json.loads((reference / "expected" / f"{name}.json").read_text())
    tensors = load_file(reference / "expected" / f"{name}.safetensors")
    seen = {"image": [0, 0], "video": [0, 0]}
    for message in request["body"]["messages"]:
        for part in message["content"] if isinstance(message["content"], list) else []:
            kind = part["type"].removesuffix("_url")
            if kind == "text":
                continue
            media = part[f"{kind}_url"]
            number, row = seen[kind]
            grid = record[f"{kind}_grid_thw"][number]
            count = grid[0] * grid[1] * grid[2]
            patches = tensors["patches" if kind == "image" else "video_patches"][row:row + count]
            seen[kind] = [number + 1, row + count]
            files = media["url"] if isinstance(media["url"], list) else [media["url"]]
            bounds = (media.get("min_pixel", 4 * 784), media.get("max_pixel", 1280 * 784)) if kind == "image" else (0, 0)
            digest = hashlib.sha256(patches.tobytes()).hexdigest()
            lines.append("\t".join(map(str, [name, kind, " ".join(files), *bounds, *grid, digest])) + "\n")
out.write_text("".join(lines))
