"""Writes what transformers makes of the reference pictures for checkpoints that cut patches otherwise than Qwen2-VL.

usage: geometry_digests.py MEDIA OUT.tsv   (needs transformers with torch and torchvision, and Pillow)

A line has: patch, temporal patch and merge size, files, min and max pixels (0 0: as large as they are), grid t h w,
sha256 of the uint8 patches. One file is an image, several are a video. The file beside the recorded checkpoints was made
of tied/media with transformers 5.24.0 and torchvision 0.26.0.
"""
import hashlib
import pathlib
import sys

import torch
from PIL import Image
from transformers import Qwen2VLImageProcessor, Qwen2VLVideoProcessor

GEOMETRIES = [(14, 2, 2), (16, 2, 2), (16, 1, 3), (8, 4, 1)]
IMAGES = [("scene.png", 3136, 1003520), ("wide.jpg", 3136, 50176), ("tall.jpg", 3136, 78400), ("photo.webp", 784, 784)]
VIDEO = [f"frame{i}.png" for i in range(5)]  # of 160 x 120 pixels

media, out = map(pathlib.Path, sys.argv[1:])
lines = []


def picture(name):
    return Image.open(media / name).convert("RGB")


def line(geometry, files, bounds, grid, patches):
    assert patches.dtype == torch.uint8
    digest = hashlib.sha256(patches.numpy().tobytes()).hexdigest()
    lines.append("\t".join(map(str, [*geometry, " ".join(files), *bounds, *grid, digest])) + "\n")


for geometry in GEOMETRIES:
    sizes = dict(zip(("patch_size", "temporal_patch_size", "merge_size"), geometry))
    for name, least, most in IMAGES:
        processor = Qwen2VLImageProcessor(**sizes, do_rescale=False, do_normalize=False, min_pixels=least, max_pixels=most)
        made = processor([picture(name)], return_tensors="pt")
        line(geometry, [name], (least, most), made["image_grid_thw"][0].tolist(), made["pixel_values"])
    if 160 % (geometry[0] * geometry[2]) == 120 % (geometry[0] * geometry[2]) == 0:
        frames = torch.stack([torch.frombuffer(bytearray(picture(name).tobytes()), dtype=torch.uint8).view(120, 160, 3)
                              for name in VIDEO]).permute(0, 3, 1, 2)
        processor = Qwen2VLVideoProcessor(**sizes, do_rescale=False, do_normalize=False, do_resize=False,
                                          do_sample_frames=False)
        made = processor([frames], return_tensors="pt")
        line(geometry, VIDEO, (0, 0), made["video_grid_thw"][0].tolist(), made["pixel_values_videos"])
out.write_text("".join(lines))
