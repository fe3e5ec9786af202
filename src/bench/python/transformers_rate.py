"""transformers' fast image processor beside ours: the bench's preprocessing command starts this and asks for rounds.

usage: transformers_rate.py FOLDER   (needs pillow, numpy, torch, torchvision, transformers)

Makes photo-like JPEGs in FOLDER/1024x768 and FOLDER/4000x3000 where there are none, then reads a size and a number of
pictures a line, and writes the images a second of processor time, on one thread.
"""
import glob
import io
import os
import pathlib
import sys
import time

import numpy as np
import torch
from PIL import Image
from transformers.models.qwen2_vl.image_processing_qwen2_vl import Qwen2VLImageProcessor

SIZES = {"1024x768": 16, "4000x3000": 4}


def photo(seed, width, height):
    """Smooth areas, edges and grain, as a camera's."""
    rng = np.random.default_rng(seed)
    image = np.zeros((height, width, 3), np.float32)
    for cells, weight in ((4, 90), (16, 50), (64, 25), (256, 12)):
        small = rng.random((cells, cells * width // height + 1, 3), np.float32)
        planes = [np.asarray(Image.fromarray(small[..., c]).resize((width, height), Image.BICUBIC)) for c in range(3)]
        image += (np.stack(planes, -1) - 0.5) * weight
    for _ in range(40):
        x, y = rng.integers(0, width), rng.integers(0, height)
        image[y : y + rng.integers(20, height // 3), x : x + rng.integers(20, width // 3)] += rng.normal(0, 25, 3)
    image += rng.normal(0, 3, image.shape)
    return Image.fromarray(np.clip(image + 128, 0, 255).astype(np.uint8))


def make(folder):
    for size, count in SIZES.items():
        width, height = map(int, size.split("x"))
        (folder / size).mkdir(parents=True, exist_ok=True)
        for i in range(count):
            file = folder / size / f"{i:02d}.jpg"
            if not file.exists():
                photo(i, width, height).save(file, quality=90)


def main():
    folder = pathlib.Path(sys.argv[1])
    make(folder)
    torch.set_num_threads(1)
    # As a published checkpoint's preprocessor_config.json, with the bound that our requests have by default.
    processor = Qwen2VLImageProcessor(min_pixels=4 * 28 * 28, max_pixels=1280 * 28 * 28)
    print("ready", flush=True)
    for line in sys.stdin:
        size, count = line.split()
        files = [pathlib.Path(f).read_bytes() for f in sorted(glob.glob(os.path.join(folder, size, "*.jpg")))]
        start = time.process_time()
        for i in range(int(count)):
            image = Image.open(io.BytesIO(files[i % len(files)])).convert("RGB")
            patches = processor(images=[image], return_tensors="pt")["pixel_values"]
        print(int(count) / (time.process_time() - start), tuple(patches.shape), flush=True)


main()
