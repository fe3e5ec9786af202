"""Makes the pictures that the decoders are tested with, and what Pillow decodes them to.

usage: make_images.py OUT   (needs numpy and pillow; expected.tsv was written with Pillow 13.0)

OUT/expected.tsv has a line a picture: name, width, height, sha256 of the upright RGB bytes.
"""
import hashlib
import io
import pathlib
import re
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

RNG = np.random.default_rng(20)
PICTURES = {}


def picture(width, height, channels=3):
    """Smooth enough to compress, rough enough to tell pixels apart."""
    small = RNG.integers(0, 256, (max(2, height // 6), max(2, width // 6), channels), dtype=np.uint8)
    planes = [np.array(Image.fromarray(small[..., c]).resize((width, height), Image.BICUBIC)) for c in range(channels)]
    noise = RNG.integers(-6, 7, (height, width, channels))
    return np.clip(np.stack(planes, -1).astype(int) + noise, 0, 255).astype(np.uint8)


def save(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP"}[name.split(".")[-1]], **options)
    PICTURES[name] = buffer.getvalue()


def rgb(width=37, height=23):
    return Image.fromarray(picture(width, height))


def exif(orientation, order="<", tag_type=3):
    mark = b"II" if order == "<" else b"MM"
    value = struct.pack(order + "HH", orientation, 0) if tag_type == 3 else struct.pack(order + "I", orientation)
    entry = struct.pack(order + "HHI", 0x0112, tag_type, 1) + value
    return b"Exif\0\0" + mark + struct.pack(order + "HI", 42, 8) + struct.pack(order + "H", 1) + entry + bytes(4)


def xmp(orientation, before):
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation{before}{orientation}'.encode()


# PNG, written here because Pillow writes neither 16-bit colours nor interlaced files.
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(samples, depth):
    """[columns, channels] to the bytes of a row."""
    if depth == 16:
        return samples.astype(">u2").tobytes()
    if depth == 8:
        return samples.astype(np.uint8).tobytes()
    bits = np.unpackbits(samples.astype(np.uint8).reshape(-1, 1), axis=1)[:, 8 - depth:].reshape(-1)
    return np.packbits(bits).tobytes()


def filtered(row, above, size, kind):
    left = np.frombuffer(bytes(size) + row[:-size] if len(row) > size else bytes(len(row)), np.uint8).astype(int)
    up = np.frombuffer(above, np.uint8).astype(int)
    corner = np.frombuffer(bytes(size) + above[:-size] if len(above) > size else bytes(len(above)), np.uint8).astype(int)
    nearest = left + up - corner
    to_left, to_up, to_corner = abs(nearest - left), abs(nearest - up), abs(nearest - corner)
    paeth = np.where((to_left <= to_up) & (to_left <= to_corner), left, np.where(to_up <= to_corner, up, corner))
    guess = [0, left, up, (left + up) // 2, paeth][kind]
    return bytes([kind]) + ((np.frombuffer(row, np.uint8).astype(int) - guess) % 256).astype(np.uint8).tobytes()


def png(samples, colour, depth, interlaced=False, before=b"", after=b"", parts=1):
    height, width, channels = samples.shape
    size = max(1, channels * depth // 8)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x, y, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        reduced = samples[y::dy, x::dx]
        if reduced.size == 0:
            continue
        above = bytes(len(packed(reduced[0], depth)))
        for number, row in enumerate(reduced):
            row = packed(row, depth)
            raw += filtered(row, above, size, number % 5)
            above = row
    data = zlib.compress(raw, 9)
    step = -(-len(data) // parts)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    idat = b"".join(chunk(b"IDAT", data[i:i + step]) for i in range(0, len(data), step))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + idat + after + chunk(b"IEND", b"")


def samples(channels, depth, width=37, height=23):
    if depth == 16:
        return RNG.integers(0, 65536, (height, width, channels)) >> RNG.integers(0, 12)
    return RNG.integers(0, 1 << depth, (height, width, channels))


def make_png():
    for mode in ("RGB", "L", "RGBA", "LA"):
        channels = {"RGB": 3, "L": 1, "RGBA": 4, "LA": 2}[mode]
        values = picture(41, 29, channels)
        save(f"{mode.lower()}.png", Image.fromarray(values[..., 0] if mode == "L" else values, mode))
    save("one-bit.png", rgb().convert("1"))
    save("palette.png", rgb().quantize(200))
    save("palette-trns.png", rgb().quantize(16), transparency=bytes(range(0, 256, 16)))
    save("palette-trns-index.png", rgb().quantize(16), transparency=3)
    flat = picture(37, 23) // 64 * 64
    save("rgb-trns.png", Image.fromarray(flat), transparency=tuple(int(v) for v in flat[3, 3]))
    save("l-trns.png", Image.fromarray(flat[..., 0]), transparency=int(flat[3, 3, 0]))
    save("one-bit-trns.png", rgb().convert("1"), transparency=1)
    grey16 = np.clip(RNG.integers(0, 600, (23, 37)), 0, 65535).astype(np.uint16)
    save("grey16.png", Image.fromarray(grey16))
    colours = {"grey": (0, 1), "rgb": (2, 3), "palette": (3, 1), "grey-alpha": (4, 2), "rgba": (6, 4)}
    depths = {"grey": (1, 2, 4, 8, 16), "rgb": (8, 16), "palette": (1, 2, 4, 8), "grey-alpha": (8, 16), "rgba": (8, 16)}
    for name, (colour, channels) in colours.items():
        for depth in depths[name]:
            plte = chunk(b"PLTE", RNG.integers(0, 256, 3 << depth, dtype=np.uint8).tobytes()) if colour == 3 else b""
            for interlaced in (False, True):
                kind = "interlaced" if interlaced else "plain"
                PICTURES[f"{name}-{depth}-{kind}.png"] = png(samples(channels, depth), colour, depth, interlaced, plte)
    for width, height in ((1, 1), (2, 5), (5, 2), (3, 9)):
        PICTURES[f"interlaced-{width}x{height}.png"] = png(samples(3, 8, width, height), 2, 8, True)
    short = chunk(b"PLTE", RNG.integers(0, 256, 9, dtype=np.uint8).tobytes())
    PICTURES["palette-too-short.png"] = png(samples(1, 4), 3, 4, False, short)
    PICTURES["many-idat.png"] = png(samples(3, 8), 2, 8, parts=9)
    PICTURES["exif-before.png"] = png(samples(3, 8), 2, 8, before=chunk(b"eXIf", exif(6)[6:]))
    PICTURES["exif-after.png"] = png(samples(3, 8), 2, 8, after=chunk(b"eXIf", exif(8, ">")[6:]))
    gamma = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(200)))
    itxt = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(3, ">"))
    PICTURES["xmp.png"] = png(samples(3, 8), 2, 8, before=itxt)
    PICTURES["gamma.png"] = png(samples(3, 8), 2, 8, before=gamma)
    save("animated.png", rgb(), save_all=True, append_images=[rgb()], duration=50)


def make_jpeg():
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        for width, height in ((64, 48), (37, 23)):
            save(f"{name}-{width}.jpg", rgb(width, height), quality=85, subsampling=subsampling)
    save("progressive.jpg", rgb(61, 47), progressive=True, quality=70)
    save("grey.jpg", Image.fromarray(picture(61, 47, 1)[..., 0]), quality=80)
    save("tiny.jpg", rgb(1, 1))
    save("rgb-colours.jpg", rgb(), quality=90, keep_rgb=True)
    save("restarts.jpg", rgb(64, 48), restart_marker_blocks=2)
    save("cmyk.jpg", Image.fromarray(picture(48, 40, 4), "CMYK"), quality=92)
    # The Adobe marker's last byte says 2 where the inks are stored as YCCK.
    marked = bytearray(PICTURES["cmyk.jpg"])
    marked[marked.index(b"Adobe") + 11] = 2
    PICTURES["ycck.jpg"] = bytes(marked)
    at = PICTURES["cmyk.jpg"].index(b"\xff\xee")
    PICTURES["cmyk-unmarked.jpg"] = PICTURES["cmyk.jpg"][:at] + PICTURES["cmyk.jpg"][at + 16:]
    save("cmyk-420.jpg", Image.fromarray(picture(49, 41, 4), "CMYK"), quality=80, subsampling=2, progressive=True)
    for orientation in range(10):
        save(f"exif-{orientation}.jpg", rgb(), exif=exif(orientation, "<" if orientation % 2 else ">"))
    save("xmp.jpg", rgb(), xmp=xmp(6, '="'))
    save("xmp-and-exif.jpg", rgb(), xmp=xmp(6, '="'), exif=exif(3))
    save("exif-long.jpg", rgb(), exif=exif(6, "<", 4))
    save("exif-damaged.jpg", rgb(), exif=exif(6)[:20])
    save("plain.jpg", rgb())
    PICTURES["with-tail.jpg"] = PICTURES["plain.jpg"] + b"\xff\xd8 and more of the camera's"


def make_webp():
    save("lossy.webp", rgb(61, 47), quality=80)
    save("lossless.webp", rgb(61, 47), lossless=True)
    save("lossless-alpha.webp", Image.fromarray(picture(41, 29, 4), "RGBA"), lossless=True, exact=True)
    save("lossy-alpha.webp", Image.fromarray(picture(41, 29, 4), "RGBA"), quality=75)
    save("xmp.webp", rgb(), xmp=xmp(7, ">"), lossless=True)
    save("exif.webp", rgb(), exif=exif(5), lossless=True)
    save("animated.webp", rgb(), save_all=True, append_images=[rgb()], lossless=True)
    alpha = [Image.fromarray(picture(37, 23, 4), "RGBA") for _ in range(2)]
    save("animated-alpha.webp", alpha[0], save_all=True, append_images=alpha[1:], lossless=True)


def gif_frame_at(data, left, top, screen):
    """The same file with its first frame elsewhere on another canvas."""
    out = bytearray(data)
    out[6:10] = struct.pack("<HH", *screen)
    at = 13 + (3 * (2 << (out[10] & 7)) if out[10] & 128 else 0)
    while out[at] == 0x21:
        at += 2
        while out[at]:
            at += out[at] + 1
        at += 1
    out[at + 1:at + 5] = struct.pack("<HH", left, top)
    return bytes(out)


def make_gif():
    save("plain.gif", rgb(61, 47).quantize(256), interlace=0)
    save("interlaced.gif", rgb(61, 47).quantize(64), interlace=1)
    save("two-colours.gif", rgb().convert("1"))
    save("grey.gif", Image.fromarray(picture(37, 23, 1)[..., 0]))
    save("transparent.gif", rgb().quantize(16), transparency=5, interlace=0)
    save("animated.gif", rgb().quantize(32), save_all=True, append_images=[rgb().quantize(32)])
    noise = Image.fromarray(RNG.integers(0, 256, (120, 90), dtype=np.uint8))
    noise = noise.convert("P")
    noise.putpalette(RNG.integers(0, 256, 768, dtype=np.uint8).tobytes())
    save("full-code-table.gif", noise, interlace=0)
    PICTURES["offset.gif"] = gif_frame_at(PICTURES["plain.gif"], 5, 3, (80, 60))
    PICTURES["offset-transparent.gif"] = gif_frame_at(PICTURES["transparent.gif"], 7, 2, (50, 30))
    PICTURES["outside.gif"] = gif_frame_at(PICTURES["plain.gif"], 5, 3, (20, 10))


def bmp(width, height, bits, data, compression=0, palette=b"", header=40, masks=b"", colours=0, offset=None):
    info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(data), 0, 0, colours, 0) + masks
    info = info.ljust(header, b"\0")
    start = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start if offset is None else offset) + info + palette + data


def rows(values, bits):
    out = b""
    for row in values:
        row = packed(row, bits) if bits <= 8 else row.tobytes()
        out += row + bytes(-len(row) % 4)
    return out


def make_bmp():
    save("rgb.bmp", rgb())
    save("palette.bmp", rgb().quantize(200))
    save("one-bit.bmp", rgb().convert("1"))
    save("grey.bmp", Image.fromarray(picture(37, 23, 1)[..., 0]))
    save("rgba.bmp", Image.fromarray(picture(37, 23, 4), "RGBA"))
    values = picture(37, 23)
    PICTURES["top-down.bmp"] = bmp(37, -23, 24, rows(values, 24))
    palette16 = RNG.integers(0, 256, 64, dtype=np.uint8).tobytes()
    PICTURES["four-bit.bmp"] = bmp(37, 23, 4, rows(samples(1, 4), 4), palette=palette16)
    PICTURES["no-offset.bmp"] = bmp(37, 23, 4, rows(samples(1, 4), 4), palette=palette16, offset=0)
    PICTURES["short-palette.bmp"] = bmp(37, 23, 8, rows(samples(1, 4), 8), palette=palette16[:40], colours=10)
    wide = RNG.integers(0, 65536, (23, 37)).astype("<u2")
    PICTURES["rgb555.bmp"] = bmp(37, 23, 16, rows(wide, 16))
    PICTURES["rgb565.bmp"] = bmp(37, 23, 16, rows(wide, 16), 3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    deep = RNG.integers(0, 1 << 32, (23, 37)).astype("<u4")
    PICTURES["bgrx.bmp"] = bmp(37, 23, 32, rows(deep, 32))
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    PICTURES["bgra-v4.bmp"] = bmp(37, 23, 32, rows(deep, 32), 3, header=108, masks=masks)
    PICTURES["rgba-v5.bmp"] = bmp(37, -23, 32, rows(deep, 32), 3, header=124, masks=struct.pack("<IIII", 0xFF, 0xFF00, 0xFF0000, 0xFF000000))
    core = struct.pack("<IHHHH", 12, 37, 23, 1, 24)
    data = rows(values, 24)
    PICTURES["core.bmp"] = b"BM" + struct.pack("<IHHI", 26 + len(data), 0, 0, 26) + core + data
    run8 = b"".join(b"\x09\x03\x00\x05\x01\x02\x03\x04\x05\x00\x17\x07\x00\x00" for _ in range(10)) + b"\x05\x02\x00\x02\x03\x01"
    run8 += b"\x25\x04\x00\x00" * 12 + b"\x00\x01"
    palette256 = RNG.integers(0, 256, 1024, dtype=np.uint8).tobytes()
    PICTURES["rle8.bmp"] = bmp(37, 23, 8, run8, 1, palette=palette256)
    run4 = b"\x0b\x3a\x00\x05\x12\x34\x50\x00\x15\x7c\x00\x00" * 23 + b"\x00\x01"
    PICTURES["rle4.bmp"] = bmp(37, 23, 4, run4, 2, palette=palette16)


def text_chunk(name, keyword, value):
    packed = zlib.compress(value)
    return chunk(name, keyword + {
        b"tEXt": b"\0" + value,
        b"zTXt": b"\0\0" + packed,
        b"iTXt": b"\0\1\0en\0\0" + packed,
    }[name])


def lzw_of_clear_codes(code_bits, indices):
    """GIF data of codes of one width, with a clear code before each."""
    width, value, count = code_bits + 1, 0, 0
    for index in indices:
        for code in (1 << code_bits, index):
            value |= code << count
            count += width
    data = value.to_bytes((count + 7) // 8, "little")
    blocks = [data[i : i + 255] for i in range(0, len(data), 255)]
    return bytes([code_bits]) + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"


def runs_past_the_rows(bits, start):
    """Runs and literals beyond the ends of rows of 37, one more in a full row, and a delta; aligned in the file."""
    data = b"\x1e\x05\x1e\x07\x04\x09\0\0" b"\x08\x03\0\x02\x04\x01\x05\x06\0\0"
    for count, after in ((5, b"\x23\x08"), (4, b"\x09\x21\0\0")):
        data += bytes([0, count]) + bytes(range(1, 1 + (count * bits + 7) // 8))
        data += bytes((start + len(data)) % 2) + after
    return data + b"\x25\x0b\0\0" * 19 + b"\0\1"


def make_what_strangers_write():
    """What pictures of strangers have that no encoder at hand writes."""
    profile = b"\nexif\n%8d\n" % len(exif(6)) + "\n".join(re.findall(".{1,72}", exif(6).hex())).encode() + b"\n"
    shuffled = samples(3, 8)
    for name in (b"tEXt", b"zTXt"):
        PICTURES[f"exif-as-{name.decode()}.png"] = png(shuffled, 2, 8, after=text_chunk(name, b"Raw profile type exif", profile))
    PICTURES["exif-as-text-and-itself.png"] = png(
        shuffled, 2, 8, before=text_chunk(b"tEXt", b"Raw profile type exif", profile) + chunk(b"eXIf", exif(3)[6:]))
    PICTURES["xmp-packed.png"] = png(shuffled, 2, 8, before=text_chunk(b"iTXt", b"XML:com.adobe.xmp", xmp(8, '="')))
    head = b"GIF89a" + struct.pack("<HHBBB", 16, 8, 0x87, 0, 0) + bytes(RNG.integers(0, 256, 768, dtype=np.uint8))
    frame = b"," + struct.pack("<HHHHB", 0, 0, 16, 8, 0)
    indices = [int(i) for i in RNG.integers(0, 256, 128)]
    PICTURES["eleven-bit-codes.gif"] = head + frame + lzw_of_clear_codes(11, indices) + b";"
    PICTURES["junk-between-blocks.gif"] = head + b"\x00\x41\xfe" + frame + lzw_of_clear_codes(8, indices) + b";"
    palette = bytes(RNG.integers(0, 256, 1024, dtype=np.uint8))
    PICTURES["rle8-past-the-rows.bmp"] = bmp(37, 23, 8, runs_past_the_rows(8, 1078), 1, palette=palette)
    PICTURES["rle8-at-an-odd-byte.bmp"] = bmp(
        37, 23, 8, b"\0" + runs_past_the_rows(8, 1079), 1, palette=palette, offset=1079)
    PICTURES["rle4-past-the-rows.bmp"] = bmp(37, 23, 4, runs_past_the_rows(4, 118), 2, palette=palette[:64])


def upright_rgb(data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if "A" in image.mode or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image, mask=image.split()[3])
        return white
    return image.convert("RGB")


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for make in (make_png, make_jpeg, make_webp, make_gif, make_bmp, make_what_strangers_write):
        make()
    lines = []
    for name, data in sorted(PICTURES.items()):
        (out / name).write_bytes(data)
        decoded = upright_rgb(data)
        digest = hashlib.sha256(decoded.tobytes()).hexdigest()
        lines.append(f"{name}\t{decoded.width}\t{decoded.height}\t{digest}\n")
    (out / "expected.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main()
