"""Makes the small videos of VideoDecoderTest and writes what PyAV decodes them to.

usage: make_videos.py OUT   (needs av, numpy and pillow)

OUT/expected.tsv has a line for each file: name, upright width and height, frames a second as PyAV's average_rate (0 for
none), frames, and the first 16 hexadecimal digits of the SHA-256 of each upright rgb24 frame. Encoders do not give the
same bytes on every machine, so files and expectations are made together.
"""
import fractions
import hashlib
import io
import pathlib
import struct
import sys
import tempfile

import av
import numpy as np
from av.bitstream import BitStreamFilterContext

RNG = np.random.default_rng(20250917)


def pictures(count, width, height):
    """A gradient with noise under a square that moves."""
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)], axis=2)
    base = np.clip(base + RNG.integers(-12, 13, (height, width, 3)), 0, 255).astype(np.uint8)
    for i in range(count):
        frame = base.copy()
        side = max(4, height // 3)
        left = (width - side) * i // max(1, count - 1)
        frame[height // 4:height // 4 + side, left:left + side] = (240, 40 + 10 * (i % 16), 30)
        yield frame


def encode(codec, container, count=12, width=64, height=48, rate=10, pixels="yuv420p", options=None, mux=None,
           times=None, colours=None, sound=False):
    path = pathlib.Path(tempfile.mkdtemp()) / "video"  # a file, because "faststart" reads what was written
    with av.open(str(path), "w", format=container, options=mux or {}) as file:
        stream = file.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        stream.options = options or {}
        if times:
            stream.codec_context.time_base = fractions.Fraction(1, 1000)
        if colours:
            stream.codec_context.colorspace, stream.codec_context.color_range = colours
        if sound:
            tone = file.add_stream({"mp4": "aac", "avi": "pcm_s16le", "webm": "libopus"}[container], rate=48000)
        for i, picture in enumerate(pictures(count, width, height)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            keywords = {"format": pixels}
            if colours:
                keywords.update(dst_colorspace=colours[0], dst_color_range=colours[1])
            frame = frame.reformat(**keywords)
            frame.pts = times[i] if times else i
            frame.time_base = fractions.Fraction(1, 1000) if times else fractions.Fraction(1, rate)
            for packet in stream.encode(frame):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)
        if sound:
            wave = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), format="fltp", layout="mono")
            wave.sample_rate, wave.pts = 48000, 0
            for packet in tone.encode(wave):
                file.mux(packet)
            for packet in tone.encode():
                file.mux(packet)
    return path.read_bytes()


def turned(data, matrix):
    """The same MP4 with another matrix in its track header (ISO/IEC 14496-12, 8.3.2, version 0)."""
    at = data.index(b"tkhd") + 4 + 40
    return data[:at] + struct.pack(">9i", *matrix) + data[at + 36:]


def cut(data, container):
    """The same packets from the second key frame on, as a tool that copies cuts them."""
    path = pathlib.Path(tempfile.mkdtemp()) / "video"
    with av.open(io.BytesIO(data)) as source, av.open(str(path), "w", format=container) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        keys = 0
        for packet in source.demux(video=0):
            keys += packet.is_keyframe and packet.size > 0
            if keys > 1 and packet.size > 0:
                packet.stream = stream
                target.mux(packet)
    return path.read_bytes()


def split(data):
    """The same VP9 with the frames that are not shown in packets of their own."""
    path = pathlib.Path(tempfile.mkdtemp()) / "video"
    with av.open(io.BytesIO(data)) as source, av.open(str(path), "w", format="webm") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        splitter = BitStreamFilterContext("vp9_superframe_split", source.streams.video[0])
        for packet in source.demux(video=0):
            for part in splitter.filter(packet if packet.size else None):
                part.stream = stream
                target.mux(part)
    return path.read_bytes()


def resized(codec, container, sizes, options):
    """Six frames of each size, one stream after the other under the first one's header."""
    path = pathlib.Path(tempfile.mkdtemp()) / "video"
    with av.open(str(path), "w", format=container) as file:
        target, base = None, 0
        for width, height in sizes:
            source = file.add_stream(codec, rate=10) if target is None else av.CodecContext.create(codec, "w")
            source.width, source.height, source.pix_fmt, source.options = width, height, "yuv420p", options
            if target is None:
                target = source
            else:
                source.time_base = fractions.Fraction(1, 10)
            packets = []
            for i, picture in enumerate(pictures(6, width, height)):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
                frame.pts, frame.time_base = i, fractions.Fraction(1, 10)
                packets += source.encode(frame)
            for packet in packets + source.encode():
                packet.pts, packet.dts, packet.time_base = packet.pts + base, packet.dts + base, fractions.Fraction(1, 10)
                packet.stream = target
                file.mux(packet)
            base += 6
    return path.read_bytes()


ONE, W = 1 << 16, 1 << 30
X264 = {"preset": "medium", "crf": "28"}
TURNS = {
    "90": (0, ONE, 0, -ONE, 0, 0, 0, 0, W),
    "180": (-ONE, 0, 0, 0, -ONE, 0, 0, 0, W),
    "270": (0, -ONE, 0, ONE, 0, 0, 0, 0, W),
    "mirrored": (-ONE, 0, 0, 0, ONE, 0, 0, 0, W),
    "transposed": (0, ONE, 0, ONE, 0, 0, 0, 0, W),
}


def upright(frame, matrix):
    """[height, width, 3] as the matrix shows it: x' = a x + c y, y' = b x + d y."""
    a, b, _, c, d = matrix[:5]
    if a == 0:
        frame = frame.transpose(1, 0, 2)
        return frame[::-1 if b < 0 else 1, ::-1 if c < 0 else 1]
    return frame[::-1 if d < 0 else 1, ::-1 if a < 0 else 1]


def late_b_frames():
    """B-frames begin after more frames than FFmpeg looks at, and the head does not say that any will come."""
    path = pathlib.Path(tempfile.mkdtemp()) / "video"
    with av.open(str(path), "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.options = {"crf": "40", "x264-params": "keyint=20:min-keyint=20:scenecut=0:bframes=5:b-adapt=0:b-pyramid=normal:ref=4"}
        for i, picture in enumerate(pictures(180, 64, 48)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = i, fractions.Fraction(1, 10)
            if i < 120:
                frame.pict_type = av.video.frame.PictureType.P
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    out = io.BytesIO()
    with av.open(io.BytesIO(without_usability(path.read_bytes()))) as file, av.open(out, "w", format="matroska") as other:
        stream = other.add_stream_from_template(file.streams.video[0])
        for packet in file.demux(video=0):
            if packet.size:
                packet.stream = stream
                other.mux(packet)
    return out.getvalue()


def without_usability(data):
    """The MP4 without what its sequence parameter set says about reordering (ITU-T H.264, 7.3.2.1.1 and annex E)."""
    data = bytearray(data)
    at = data.index(b"avcC") + 4 + 8
    length = struct.unpack(">H", data[at - 2:at])[0]
    bits = "".join(f"{byte:08b}" for byte in bytes(data[at:at + length]).replace(b"\0\0\3", b"\0\0"))
    read = 32  # after the unit's header, the profile and the level

    def number():
        nonlocal read
        zeros = bits.index("1", read) - read
        read += 2 * zeros + 1
        return int(bits[read - zeros - 1:read], 2) - 1

    number()
    if data[at + 1] >= 100:
        number(), number(), number()
        read += 2
    number()
    if number() == 0:
        number()
    number()
    read += 1
    number(), number()
    read += 1 if bits[read] == "1" else 2
    read += 1
    if bits[read] == "1":
        read += 1
        for _ in range(4):
            number()
    else:
        read += 1
    rest = bits[:read] + "01"
    rest += "0" * (-len(rest) % 8)
    unit = bytes(int(rest[i:i + 8], 2) for i in range(0, len(rest), 8))
    data[at:at + length] = unit + bytes(length - len(unit))
    return bytes(data)


def make():
    files = {
        "h264.mp4": encode("libx264", "mp4", options=X264),
        "h264-sound.mp4": encode("libx264", "mp4", options=X264, sound=True),
        "h264-b-frames.mp4": encode("libx264", "mp4", 24, options={**X264, "bf": "3", "g": "12", "x264-params": "b-pyramid=normal"}),
        "h264-odd.mp4": encode("libx264", "mp4", 6, 37, 23, pixels="yuv444p", options=X264),
        "h264-odd-420.mp4": encode("mpeg4", "mp4", 6, 61, 47),
        "h264-444.mp4": encode("libx264", "mp4", 6, 66, 50, pixels="yuv444p", options=X264),
        "h264-422.mp4": encode("libx264", "mp4", 6, 66, 50, pixels="yuv422p", options=X264),
        "h264-10-bit.mp4": encode("libx264", "mp4", 6, pixels="yuv420p10le", options=X264),
        "h264-full-range.mp4": encode("libx264", "mp4", 6, options=X264, colours=(1, 2)),
        "h264-bt709.mp4": encode("libx264", "mp4", 6, options=X264, colours=(1, 1)),
        "h264-bt2020.mp4": encode("libx264", "mp4", 6, pixels="yuv420p10le", options={**X264, "x264-params": "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"}),
        "h264-one-frame.mp4": encode("libx264", "mp4", 1, options=X264),
        "h264-two-frames.mp4": encode("libx264", "mp4", 2, options=X264),
        "h264-ntsc.mp4": encode("libx264", "mp4", 9, rate=fractions.Fraction(30000, 1001), options=X264),
        "h264-fast-start.mp4": encode("libx264", "mp4", options=X264, mux={"movflags": "faststart"}),
        "h264-fragmented.mp4": encode("libx264", "mp4", 24, options={**X264, "g": "8"}, mux={"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
        "h264-fragmented-cmaf.mp4": encode("libx264", "mp4", 24, options={**X264, "g": "8"}, mux={"movflags": "cmaf+frag_keyframe"}),
        "h264-uneven.mp4": encode("libx264", "mp4", 9, options=X264, times=[0, 40, 80, 500, 540, 900, 1000, 1700, 1733]),
        "h264-wide.mp4": encode("libx264", "mp4", 3, 322, 18, options=X264),
        "h264.mov": encode("libx264", "mov", 8, options=X264),
        "mjpeg.mov": encode("mjpeg", "mov", 5, pixels="yuvj420p", options={"q:v": "8"}),
        "hevc.mp4": encode("libx265", "mp4", 8, 64, 64, options={"crf": "32", "x265-params": "log-level=none"}),
        "hevc-10-bit.mkv": encode("libx265", "matroska", 6, 64, 64, pixels="yuv420p10le", options={"crf": "32", "x265-params": "log-level=none"}),
        "av1.mp4": encode("libsvtav1", "mp4", 6, options={"preset": "10", "crf": "50", "svtav1-params": "lp=1"}),
        "av1.webm": encode("libsvtav1", "webm", 6, options={"preset": "10", "crf": "50", "svtav1-params": "lp=1"}),
        "mpeg4.mp4": encode("mpeg4", "mp4", 12, options={"bf": "2"}),
        "vp8.webm": encode("libvpx", "webm", 40, options={"auto-alt-ref": "1", "lag-in-frames": "16", "crf": "40", "b:v": "60k", "g": "20"}),
        "vp9.webm": encode("libvpx-vp9", "webm", 16, options={"crf": "45", "b:v": "0", "lag-in-frames": "10"}),
        "vp9-odd.webm": encode("libvpx-vp9", "webm", 5, 75, 43, options={"crf": "45", "b:v": "0"}),
        "vp9-444.webm": encode("libvpx-vp9", "webm", 5, pixels="yuv444p", options={"crf": "45", "b:v": "0"}),
        "vp9-sound.webm": encode("libvpx-vp9", "webm", 8, options={"crf": "45", "b:v": "0"}, sound=True),
        "vp9-live.webm": encode("libvpx-vp9", "webm", 8, options={"crf": "45", "b:v": "0"}, mux={"live": "1"}),
        "vp8-uneven.webm": encode("libvpx", "webm", 8, options={"crf": "40", "b:v": "60k"}, times=[0, 33, 66, 400, 433, 1000, 1033, 2000]),
        "h264.mkv": encode("libx264", "matroska", 12, options={**X264, "bf": "2"}),
        "mjpeg.mkv": encode("mjpeg", "matroska", 4, pixels="yuvj422p", options={"q:v": "8"}),
        "mpeg4.avi": encode("mpeg4", "avi", 12, options={"g": "6"}),
        "mpeg4-b-frames.avi": encode("mpeg4", "avi", 12, options={"bf": "2"}),
        "mjpeg.avi": encode("mjpeg", "avi", 5, pixels="yuvj420p", options={"q:v": "8"}),
        "mjpeg-444.avi": encode("mjpeg", "avi", 3, 41, 29, pixels="yuvj444p", options={"q:v": "8"}),
        "h264.avi": encode("libx264", "avi", 8, options={**X264, "bf": "0"}),
        "mpeg4-sound.avi": encode("mpeg4", "avi", 8, sound=True),
    }
    short = {"crf": "40", "b:v": "60k", "g": "10"}
    files.update({
        "vp8-short-groups.webm": encode("libvpx", "webm", 40, options={**short, "auto-alt-ref": "0"}),
        "vp9-short-groups.webm": encode("libvpx-vp9", "webm", 40, options=short),
        "vp9-split.webm": split(files["vp9.webm"]),
        "av1-short-groups.mp4": encode("libsvtav1", "mp4", 40, options={"preset": "10", "crf": "50", "g": "10", "svtav1-params": "lp=1:irefresh-type=2"}),
        "hevc-short-groups.mp4": encode("libx265", "mp4", 40, 64, 64, options={"crf": "40", "x265-params": "log-level=none:keyint=10:min-keyint=10:open-gop=0"}),
    })
    matrices = {}
    for name, matrix in TURNS.items():
        files[f"turned-{name}.mp4"] = turned(encode("libx264", "mp4", 3, 66, 42, options=X264), matrix)
        matrices[f"turned-{name}.mp4"] = matrix
    open_gop = {**X264, "g": "10", "bf": "3", "x264-params": "open-gop=1:b-adapt=0"}
    files["h264-cut.mkv"] = cut(encode("libx264", "matroska", 30, options=open_gop), "matroska")
    closed = {**X264, "g": "10", "bf": "3", "x264-params": "b-adapt=0"}
    files["h264-cut.mp4"] = cut(encode("libx264", "mp4", 30, options=closed), "mp4")
    return files, matrices


def make_refused():
    """Files whose frames change their size on the way; their names say from and to."""
    h264 = {**X264, "bf": "0", "x264-params": "repeat-headers=1:annexb=1"}
    vp8 = {"crf": "40", "b:v": "60k"}
    return {
        "h264-64x48-to-128x96.avi": resized("libx264", "avi", [(64, 48), (128, 96)], h264),
        "h264-64x48-to-32x24.avi": resized("libx264", "avi", [(64, 48), (32, 24)], h264),
        "vp8-64x48-to-128x96.webm": resized("libvpx", "webm", [(64, 48), (128, 96)], vp8),
        "vp9-64x48-to-32x24.webm": resized("libvpx-vp9", "webm", [(64, 48), (32, 24)], vp8),
        "mpeg4-64x48-to-48x64.avi": resized("mpeg4", "avi", [(64, 48), (48, 64)], {}),
    }


def main():
    out = pathlib.Path(sys.argv[1])
    (out / "resized").mkdir(parents=True, exist_ok=True)
    (out / "late").mkdir(exist_ok=True)
    (out / "late" / "h264-b-frames.mkv").write_bytes(late_b_frames())  # PyAV shows 178 of its 180 frames
    for name, data in make_refused().items():
        (out / "resized" / name).write_bytes(data)
    files, matrices = make()
    lines = []
    for name, data in sorted(files.items()):
        (out / name).write_bytes(data)
        with av.open(io.BytesIO(data)) as file:
            rate = file.streams.video[0].average_rate
            frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
        if name in matrices:
            frames = [upright(frame, matrices[name]) for frame in frames]
        digests = [hashlib.sha256(np.ascontiguousarray(frame).tobytes()).hexdigest()[:16] for frame in frames]
        height, width = frames[0].shape[:2]
        lines.append("\t".join(map(str, [name, width, height, repr(float(rate or 0)), len(frames), " ".join(digests)])) + "\n")
        print(lines[-1][:90], len(data))
    (out / "expected.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main()
