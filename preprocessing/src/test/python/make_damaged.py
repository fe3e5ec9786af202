"""Makes pictures that lack something or do not keep to their format, and what Pillow makes of them.

usage: make_damaged.py OUT   (needs numpy and pillow; expected.tsv was written with Pillow 13.0)

OUT/expected.tsv has a line a picture: name, width, height, sha256 of the upright RGB bytes; or name and "refused".
"""
import hashlib
import pathlib
import struct
import sys
import zlib

import numpy as np

from make_images import (PICTURES, RNG, bmp, chunk, exif, lzw_of_clear_codes, picture, png, rgb, rows, samples, save,
                         upright_rgb, xmp)

DAMAGED = {}


def with_wrong_checksum(data, name):
    """The last byte of the first such chunk's checksum is another one."""
    at = data.index(name)
    end = at + 4 + struct.unpack(">I", data[at - 4:at])[0] + 4
    return data[:end - 1] + bytes([data[end - 1] ^ 1]) + data[end:]


def with_byte(data, at, value):
    return data[:at] + bytes([value]) + data[at + 1:]


def make_png():
    colours = samples(3, 8)
    whole = png(colours, 2, 8)
    text = chunk(b"tEXt", b"Comment\0of its author")
    end = len(whole) - 12  # where IEND's chunk begins
    adler = whole.index(b"IEND") - 8
    DAMAGED.update({
        "end-is-lost.png": whole[:end],
        "half-of-the-end.png": whole[:end + 6],
        "end-has-a-wrong-checksum.png": with_wrong_checksum(whole, b"IEND"),
        "data-have-a-wrong-checksum.png": with_wrong_checksum(whole, b"IDAT"),
        "checksum-of-the-data-is-lost.png": whole[:adler],
        "zlibs-checksum-is-lost.png": whole[:adler - 4],
        "zlibs-checksum-is-wrong.png": with_byte(whole, adler - 1, whole[adler - 1] ^ 1),
        "last-pixels-are-lost.png": whole[:adler - 12],
        "header-has-a-wrong-checksum.png": with_wrong_checksum(whole, b"IHDR"),
        "text-before-has-a-wrong-checksum.png": with_wrong_checksum(png(colours, 2, 8, before=text), b"tEXt"),
        "text-behind-has-a-wrong-checksum.png": with_wrong_checksum(png(colours, 2, 8, after=text), b"tEXt"),
        "text-behind-is-cut.png": png(colours, 2, 8, after=text)[:-20],
        "name-behind-is-none.png": png(colours, 2, 8, after=chunk(b"\xff\0\0\0", b"x")),
        "tail.png": whole + b"and more of something else",
        "unknown-chunk.png": png(colours, 2, 8, before=chunk(b"CgXX", b"x")),
        "short-gamma.png": png(colours, 2, 8, before=chunk(b"gAMA", b"x")),
        "short-gamma-behind.png": png(colours, 2, 8, after=chunk(b"gAMA", b"x")),
        "text-before-the-header.png": whole[:8] + text + whole[8:],
        "first-frame-is-a-part.png": png(colours, 2, 8, before=chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 9, 9, 0, 0, 1, 1, 0, 0))),
    })
    parts = png(colours, 2, 8, parts=3)
    second = parts.index(b"IDAT", parts.index(b"IDAT") + 4) - 4
    DAMAGED["text-between-the-data.png"] = parts[:second] + text + parts[second:]
    DAMAGED["text-between-whole-data-and-none.png"] = whole[:end] + text + chunk(b"IDAT", b"") + whole[end:]
    header = whole.index(b"IHDR") + 4
    for name, at, value in (("compression-of-5", 10, 5), ("filter-method-of-1", 11, 1), ("interlacing-of-2", 12, 2)):
        data = whole if at != 12 else png(colours, 2, 8, interlaced=True)
        changed = data[header:header + at] + bytes([value]) + data[header + at + 1:header + 13]
        DAMAGED[f"{name}.png"] = data[:8] + chunk(b"IHDR", changed) + data[header + 17:]
    indices = samples(1, 8)
    entries = RNG.integers(0, 256, 780, dtype=np.uint8).tobytes()
    for count in (10, 770, 771):
        DAMAGED[f"palette-of-{count}-bytes.png"] = png(indices, 3, 8, before=chunk(b"PLTE", entries[:count]))
    plte = chunk(b"PLTE", entries[:768])
    DAMAGED["palette-behind.png"] = png(indices, 3, 8, before=plte, after=chunk(b"PLTE", bytes(768)))
    DAMAGED["transparency-behind.png"] = png(indices, 3, 8, before=plte, after=chunk(b"tRNS", entries[:200]))
    DAMAGED["transparency-of-300-bytes.png"] = png(indices, 3, 8, before=plte + chunk(b"tRNS", bytes(300)))
    DAMAGED["transparency-of-1-byte.png"] = png(colours, 2, 8, before=chunk(b"tRNS", b"x"))
    for depth, values in ((1, (0, 1, 2)), (2, (1, 85)), (4, (3, 51)), (8, (7, 263)), (16, (255, 300))):
        grey = samples(1, depth)
        for value in values:
            DAMAGED[f"transparent-{value}-of-{depth}-bits.png"] = png(grey, 0, depth, before=chunk(b"tRNS", struct.pack(">H", value)))
    flat = RNG.integers(0, 2, (23, 37, 3)) * 0x0101 + 0x1200
    DAMAGED["transparent-colour-of-16-bits.png"] = png(flat, 2, 16, before=chunk(b"tRNS", struct.pack(">HHH", 0x4012, 0x4012, 0x4013)))


def segment(marker, data, length=None):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2 if length is None else length) + data


def ifd(entries, order=">", magic=42, values=b""):
    mark = b"II" if order == "<" else b"MM"
    directory = b"".join(struct.pack(order + "HHI4s", *entry) for entry in entries)
    return b"Exif\0\0" + mark + struct.pack(order + "HIH", magic, 8, len(entries)) + directory + bytes(4) + values


def make_jpeg():
    save("whole.jpg", rgb(), quality=80)
    save("scans.jpg", rgb(), quality=80, progressive=True)
    whole, scans = PICTURES["whole.jpg"], PICTURES["scans.jpg"]

    def before(*segments):
        return whole[:2] + b"".join(segments) + whole[2:]

    DAMAGED.update({
        "end-is-lost.jpg": whole[:-2],
        "end-is-junk.jpg": whole[:-2] + b"junk of some length",
        "end-of-scans-is-lost.jpg": scans[:-2],
        "half.jpg": whole[:len(whole) // 2],
        "comment-of-no-length.jpg": before(segment(0xFE, b"", 0)),
        "comment-of-length-1.jpg": before(segment(0xFE, b"", 1)),
        "application-of-no-length.jpg": before(segment(0xE5, b"", 0)),
        "tables-of-no-length.jpg": before(segment(0xDB, b"", 0)),
        "two-frame-headers.jpg": before(whole[whole.index(b"\xff\xc0"):][:19]),
    })
    value = struct.pack(">HH", 6, 0)
    for name, exif_block in {
        "of-no-values": ifd([(0x0112, 3, 0, value)]),
        "of-two-values": ifd([(0x0112, 3, 2, value)]),
        "of-three-values": ifd([(0x0112, 3, 3, struct.pack(">I", 26))], values=struct.pack(">HHH", 6, 1, 1)),
        "of-values-that-are-not-there": ifd([(0x0112, 3, 3, struct.pack(">I", 4000))]),
        "behind-values-that-are-not-there": ifd([(0x010F, 2, 9, struct.pack(">I", 4000)), (0x0112, 3, 1, value)]),
        "behind-too-many-values": ifd([(0x010F, 2, 4000, struct.pack(">I", 8)), (0x0112, 3, 1, value)]),
        "of-a-byte": ifd([(0x0112, 1, 1, value)]),
        "of-a-signed-number": ifd([(0x0112, 8, 1, value)]),
        "of-an-unknown-type-and-again": ifd([(0x0112, 99, 1, value), (0x0112, 3, 1, value)]),
        "of-another-tiff": ifd([(0x0112, 3, 1, value)], magic=44),
        "of-big-tiff": ifd([(0x0112, 3, 1, value)], magic=43),
    }.items():
        DAMAGED[f"orientation-{name}.jpg"] = before(segment(0xE1, exif_block))
    turned = b"http://ns.adobe.com/xap/1.0/\0" + xmp(8, '="')
    block = ifd([(0x0112, 3, 1, value)])
    DAMAGED.update({
        "orientation-in-two-segments.jpg": before(segment(0xE1, block[:20]), segment(0xE1, b"Exif\0\0" + block[20:])),
        "orientation-of-another-tiff-and-xmp.jpg": before(segment(0xE1, ifd([(0x0112, 3, 1, value)], magic=44)), segment(0xE1, turned)),
        "orientation-of-no-values-and-xmp.jpg": before(segment(0xE1, ifd([(0x0112, 3, 0, value)])), segment(0xE1, turned)),
        "orientation-in-xmp-and-other-xmp.jpg": before(segment(0xE1, turned), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")),
    })


def make_webp():
    save("whole.webp", rgb(), lossless=True)
    whole = PICTURES["whole.webp"]
    size = struct.unpack("<I", whole[4:8])[0]
    for change in (-2, 2, 1000):
        DAMAGED[f"size-{change:+}.webp"] = whole[:4] + struct.pack("<I", size + change) + whole[8:]
    DAMAGED["tail.webp"] = whole + b"and more of something else"
    DAMAGED["cut.webp"] = whole[:-30]


def make_gif():
    indices = [int(i) for i in RNG.integers(0, 8, 128)]
    frame = b"," + struct.pack("<HHHHB", 0, 0, 16, 8, 0)
    screen = b"GIF89a" + struct.pack("<HHBBB", 16, 8, 0x81, 0, 0)
    greys = b"".join(bytes([i] * 3) for i in range(4))
    whole = screen + b"\1\2\3" + greys[3:] + frame + lzw_of_clear_codes(3, indices)
    DAMAGED.update({
        "trailer-is-lost.gif": whole,
        "last-block-is-cut.gif": whole[:-5],
        "end-of-blocks-is-lost.gif": whole[:-1],
        "tail.gif": whole + b";and more of something else",
        "indices-beyond-the-palette.gif": whole + b";",
        "indices-beyond-a-palette-of-greys.gif": screen + greys + frame + lzw_of_clear_codes(3, indices) + b";",
        "short-control.gif": screen + greys + b"!\xf9\2\0\0\0" + frame + lzw_of_clear_codes(3, indices) + b";",
        "control-without-its-index.gif": screen + greys + b"!\xf9\3\1\0\0\0" + frame + lzw_of_clear_codes(3, indices) + b";",
        "codes-of-no-bits.gif": screen + greys + frame + lzw_of_clear_codes(0, [0] * 128) + b";",
    })


def make_bmp():
    ramp = b"".join(bytes([i, i, i, 0]) for i in range(256))
    colours = RNG.integers(0, 256, 1024, dtype=np.uint8).tobytes()
    black_and_white = bytes(4) + b"\xff\xff\xff\0"
    bytes_a_pixel = rows(samples(1, 8), 8)
    nibbles = rows(samples(1, 4), 4)
    runs = b"\x05\x01\x09\x00\x05\x41\x12\x07\x00\x00" * 23 + b"\x00\x01"
    words = rows(RNG.integers(0, 65536, (23, 37)).astype("<u2"), 16)
    longs = rows(RNG.integers(0, 1 << 32, (23, 37)).astype("<u4"), 32)
    values = picture(37, 23)
    DAMAGED.update({
        "greys-of-8-bits.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=ramp),
        "five-greys-of-8-bits.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=ramp[:20], colours=5),
        "greys-of-4-bits.bmp": bmp(37, 23, 4, nibbles, palette=ramp[:64]),
        "greys-of-4-bits-in-wide-rows.bmp": bmp(4, 4, 4, bytes(range(16)), palette=ramp[:64]),
        "four-greys-of-1-bit.bmp": bmp(2, 2, 1, bytes(range(8)), palette=ramp[:16], colours=4),
        "black-and-white-of-8-bits.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=black_and_white, colours=2),
        "white-and-black-of-8-bits.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=black_and_white[4:] + black_and_white[:4], colours=2),
        "black-of-8-bits.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=bytes(4), colours=1),
        "greys-in-runs.bmp": bmp(37, 23, 8, runs, 1, palette=ramp[:400], colours=100),
        "black-and-white-in-runs.bmp": bmp(37, 23, 8, runs, 1, palette=black_and_white, colours=2),
        "runs-of-bytes-of-4-bits.bmp": bmp(37, 23, 4, runs, 1, palette=colours[:64]),
        "runs-of-nibbles-of-8-bits.bmp": bmp(37, 23, 8, runs, 2, palette=colours),
        "runs-of-bytes-of-1-bit.bmp": bmp(37, 23, 1, runs, 1, palette=colours[:8]),
        "runs-of-24-bits.bmp": bmp(37, 23, 24, runs, 1),
        "palette-that-is-cut.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=colours[:40], colours=300, offset=94),
        "palette-of-300-colours.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=colours + colours[:176], colours=300),
        "palette-of-300-greys.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=ramp + ramp[:176], colours=300),
        "palette-of-70000-colours.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=colours, colours=70000),
        "offset-at-the-palette.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=colours, offset=54),
        "offset-behind-the-file.bmp": bmp(37, 23, 8, bytes_a_pixel, palette=colours, offset=5000),
        "last-row-without-its-padding.bmp": bmp(37, 23, 24, rows(values, 24)[:-1]),
        "last-row-without-its-last-byte.bmp": bmp(37, 23, 24, rows(values, 24)[:-2]),
        "header-of-52-bytes.bmp": bmp(37, 23, 32, longs, 3, header=52, masks=struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)),
        "header-of-56-bytes.bmp": bmp(37, 23, 32, longs, 3, header=56, masks=struct.pack("<IIII", 0xFF000000, 0xFF0000, 0xFF00, 0xFF)),
        "header-of-64-bytes.bmp": bmp(37, 23, 4, nibbles, palette=colours[:64], header=64),
        "header-of-60-bytes.bmp": bmp(37, 23, 24, rows(values, 24), header=60),
        "compression-of-4.bmp": bmp(37, 23, 24, rows(values, 24), 4),
        "masks-of-8-bits.bmp": bmp(37, 23, 8, bytes_a_pixel, 3, palette=colours, masks=bytes(12)),
        "masks-of-24-bits.bmp": bmp(37, 23, 24, rows(values, 24), 3, masks=struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)),
        "masks-of-24-bits-reversed.bmp": bmp(37, 23, 24, rows(values, 24), 3, masks=struct.pack("<III", 0xFF, 0xFF00, 0xFF0000)),
        "masks-444.bmp": bmp(37, 23, 16, words, 3, masks=struct.pack("<III", 0xF00, 0xF0, 0xF)),
        "masks-of-none.bmp": bmp(37, 23, 32, longs, 3, header=108, masks=bytes(16)),
    })
    for number, masks in enumerate(((0xFF000000, 0xFF0000, 0xFF00, 0), (0xFF000000, 0xFF00, 0xFF, 0), (0xFF000000, 0xFF00, 0xFF, 0xFF0000))):
        DAMAGED[f"masks-{number}.bmp"] = bmp(37, 23, 32, longs, 3, header=124, masks=struct.pack("<IIII", *masks))
    for name, bits, palette, data in (("8", 8, colours[:768], bytes_a_pixel), ("1", 1, b"\1\2\3\4\5\6", rows(samples(1, 1), 1))):
        start = 26 + len(palette)
        core = struct.pack("<IHHHH", 12, 37, 23, 1, bits)
        DAMAGED[f"core-of-{name}-bits.bmp"] = b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + core + palette + data


def line(name, data):
    try:
        image = upright_rgb(data)
    except Exception:
        return f"{name}\trefused\n"
    return f"{name}\t{image.width}\t{image.height}\t{hashlib.sha256(image.tobytes()).hexdigest()}\n"


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for make in (make_png, make_jpeg, make_webp, make_gif, make_bmp):
        make()
    for name, data in DAMAGED.items():
        (out / name).write_bytes(data)
    (out / "expected.tsv").write_text("".join(line(name, data) for name, data in sorted(DAMAGED.items())))


if __name__ == "__main__":
    main()
