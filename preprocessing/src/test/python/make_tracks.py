"""Makes small videos of several video tracks and writes which one PyAV takes, and what it decodes that one to.

usage: make_tracks.py OUT   (needs av, numpy and pillow)

OUT/expected.tsv has a line for each file, as make_videos.py writes them; the track is the one that
container.streams.best("video") names, which asks av_find_best_stream.
"""
import fractions
import hashlib
import io
import pathlib
import sys
import tempfile
from dataclasses import dataclass

import av
import numpy as np
from av.stream import Disposition

from make_videos import X264, pictures

NONE = Disposition(0)
DEFAULT = Disposition.default
IMPAIRED = Disposition.visual_impaired
COVER = Disposition.attached_pic


@dataclass(frozen=True)
class Track:
    """A film, or with one frame of Motion JPEG a still."""
    frames: int
    size: tuple = (64, 48)
    disposition: Disposition = NONE
    codec: str = "libx264"
    quality: int = 28


def packets(track, stream):
    for i, picture in enumerate(pictures(track.frames, *track.size)):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=stream.pix_fmt)
        frame.pts, frame.time_base = i, fractions.Fraction(1, 10)
        yield from stream.encode(frame)
    yield from stream.encode()


def added(file, track):
    stream = file.add_stream(track.codec, rate=10)
    stream.width, stream.height = track.size
    if track.codec == "libx264":
        stream.pix_fmt, stream.options = "yuv420p", {**X264, "crf": str(track.quality), "bf": "0"}
    elif track.codec == "libvpx":
        stream.pix_fmt, stream.options = "yuv420p", {"crf": str(track.quality), "b:v": "60k"}
    else:
        stream.pix_fmt, stream.options = "yuvj420p", {"q:v": "8"}
    stream.disposition = track.disposition
    return stream


def film(container, *tracks, mux=None):
    """The tracks side by side."""
    path = pathlib.Path(tempfile.mkdtemp()) / "video"
    with av.open(str(path), "w", format=container, options=mux or {}) as file:
        streams = [added(file, track) for track in tracks]
        for track, stream in zip(tracks, streams):
            for packet in packets(track, stream):
                file.mux(packet)  # waits for the other tracks' packets of the same time
    return path.read_bytes()


STILL = Track(1, (160, 120), codec="mjpeg")
FILM = Track(20)


def as_default(track):
    return Track(track.frames, track.size, DEFAULT, track.codec, track.quality)


def make():
    large = Track(20, (128, 96))
    vp8 = Track(20, codec="libvpx", quality=40)
    large_vp8 = Track(20, (128, 96), codec="libvpx", quality=40)
    fragmented = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    return {
        "still-first.mp4": film("mp4", STILL, as_default(FILM)),
        "still-first-both-default.mp4": film("mp4", as_default(STILL), as_default(FILM)),
        "still-is-the-default.mp4": film("mp4", as_default(STILL), FILM),
        "still-last.mov": film("mov", FILM, as_default(STILL)),
        "second-is-the-default.mp4": film("mp4", FILM, as_default(large)),
        "first-is-the-default.mp4": film("mp4", as_default(FILM), large),
        "higher-bit-rate-second.mp4": film("mp4", as_default(FILM), as_default(large)),
        "higher-bit-rate-first.mp4": film("mp4", as_default(large), as_default(FILM)),
        "fewer-frames-first.mp4": film("mp4", as_default(Track(3, (128, 96))), as_default(FILM)),
        "three-and-four-frames.mp4": film("mp4", as_default(Track(3, (128, 96))), as_default(Track(4))),
        "fragmented-second-is-the-default.mp4": film("mp4", FILM, as_default(large), mux=fragmented),
        "still-first.mkv": film("matroska", STILL, as_default(FILM)),
        "second-is-the-default.mkv": film("matroska", FILM, as_default(large)),
        "impaired-first.mkv": film("matroska", Track(20, (128, 96), IMPAIRED), FILM),
        "impaired-default.mkv": film("matroska", Track(20, (128, 96), IMPAIRED | DEFAULT), FILM),
        "two-equal.mkv": film("matroska", as_default(FILM), as_default(large)),
        "second-is-the-default.webm": film("webm", vp8, as_default(large_vp8)),
        "first-is-the-default.webm": film("webm", as_default(vp8), large_vp8),
        "still-first.avi": film("avi", STILL, FILM),
        "film-with-a-cover.mp4": film("mp4", FILM, Track(1, (160, 120), COVER, "mjpeg")),
        "two-equal.avi": film("avi", FILM, large),
    }


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, data in sorted(make().items()):
        (out / name).write_bytes(data)
        with av.open(io.BytesIO(data)) as file:
            best = file.streams.best("video")
            rate = best.average_rate
            frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(best)]
            print(name, best.index, [(int(track.disposition), track.bit_rate) for track in file.streams.video], len(data))
        digests = [hashlib.sha256(np.ascontiguousarray(frame).tobytes()).hexdigest()[:16] for frame in frames]
        height, width = frames[0].shape[:2]
        lines.append("\t".join(map(str, [name, width, height, repr(float(rate or 0)), len(frames), " ".join(digests)])) + "\n")
    (out / "expected.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main()
