"""What PyAV makes of the video files below some folders: what the bench's corpus command compares with.

usage: frame_digests.py FOLDER... > EXPECTED   (needs av and numpy)

A line a file: path, upright width and height of the first frame, and the first 16 hexadecimal digits of the SHA-256 of
each frame as upright rgb24; or why PyAV has none. The stream is the first that is no cover picture.
"""
import hashlib
import pathlib
import struct
import sys
import time

import av
import numpy as np

SECONDS = 60  # of one file, as the preprocessing's default

av.logging.set_level(None)


def upright(frame):
    """[height, width, 3], as the display matrix shows it: x' = a x + c y, y' = b x + d y."""
    picture = frame.to_ndarray(format="rgb24")
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = struct.unpack("<5i", bytes(data)[:20])
            if a == d == 0 and b and c:
                picture = picture.transpose(1, 0, 2)[::-1 if b < 0 else 1, ::-1 if c < 0 else 1]
            elif b == c == 0 and a and d:
                picture = picture[::-1 if d < 0 else 1, ::-1 if a < 0 else 1]
    return np.ascontiguousarray(picture)


def stream_of(file):
    for stream in file.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    raise ValueError("no video stream")


def line(path):
    frames = []
    end = time.monotonic() + SECONDS
    try:
        with av.open(str(path)) as file:
            for frame in file.decode(stream_of(file)):
                picture = upright(frame)
                if not frames:
                    height, width = picture.shape[:2]
                if time.monotonic() > end:
                    raise TimeoutError(f"more than {SECONDS} s")
                frames.append(hashlib.sha256(picture.tobytes()).hexdigest()[:16])
        if not frames:
            raise ValueError("no frames")
    except Exception as e:
        reason = " ".join(f"{type(e).__name__}: {e}".replace(str(path), "it").split())
        return f"{path}\terror\tafter {len(frames)} frames, {reason[:150]}"
    return f"{path}\t{width}\t{height}\t{' '.join(frames)}"


for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).resolve().rglob("*")):
        if path.is_file():
            print(line(path), flush=True)
