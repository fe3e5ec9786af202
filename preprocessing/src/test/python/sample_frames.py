"""Records which frames qwen-vl-utils takes of videos of many lengths, rates and wishes.

usage: sample_frames.py OUT.tsv   (needs qwen-vl-utils 0.0.14 and torch)

A line has: frames of the file, its frames a second, the fields of the request as fps, nframes, min_frames, max_frames,
video_start and video_end with - for an absent one, and the frames taken, or "refused". Long lists are their first
16 hexadecimal digits of the SHA-256 of the numbers with spaces between them.
"""
import hashlib
import random
import sys

import torch
from qwen_vl_utils.vision_process import calculate_video_frame_range, smart_nframes

random.seed(7)
FIELDS = ("fps", "nframes", "min_frames", "max_frames", "video_start", "video_end")
RATES = (10.0, 24.0, 25.0, 30.0, 60.0, 30000 / 1001, 24000 / 1001, 7.627118644067797, 0.5, 1000.0)


def taken(total, rate, wish):
    try:
        start, end, total = calculate_video_frame_range(wish, total, rate)
        count = smart_nframes(wish, total_frames=total, video_fps=rate)
    except ValueError:
        return "refused"
    return " ".join(map(str, torch.linspace(start, end, count).round().long().tolist()))


def wishes():
    for total in list(range(2, 60)) + [96, 100, 127, 128, 240, 299, 300, 720, 768, 769, 1000, 1799, 3000, 9000, 107892]:
        yield total, 30.0, {}
        yield total, 10.0, {"fps": 2}
        yield total, 25.0, {"nframes": min(total, 16)}
        yield total, 24.0, {"nframes": total}
    for _ in range(1500):
        total = random.choice((random.randint(2, 80), random.randint(2, 2000), random.randint(2, 200000)))
        rate = random.choice(RATES)
        wish = {}
        if random.random() < 0.4:
            wish["nframes"] = random.randint(2, min(768, 2 * total))
        else:
            if random.random() < 0.8:
                wish["fps"] = random.choice((0.1, 0.5, 1, 1.5, 2, 3, 24, 29.97, 60))
            if random.random() < 0.4:
                wish["min_frames"] = random.randint(1, 40)
            if random.random() < 0.4:
                wish["max_frames"] = random.randint(max(2, wish.get("min_frames", 2)), 768)
        duration = total / rate
        if random.random() < 0.3:
            wish["video_start"] = round(random.uniform(0, 1.1 * duration), 2)
        if random.random() < 0.3:
            wish["video_end"] = round(random.uniform(wish.get("video_start", 0), 1.2 * duration) + 0.01, 2)
        yield total, rate, wish


with open(sys.argv[1], "w") as out:
    for total, rate, wish in wishes():
        frames = taken(total, rate, wish)
        if frames.count(" ") > 15:
            frames = hashlib.sha256(frames.encode()).hexdigest()[:16]
        out.write("\t".join([str(total), repr(rate), *(str(wish.get(field, "-")) for field in FIELDS), frames]) + "\n")
