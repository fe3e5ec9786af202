"""Damages whole pictures in many small ways, for picture_digests.py and the bench's corpus command to compare.

usage: damage_pictures.py [--each N] [--seed S] OUT PICTURE...

OUT/SUFFIX has at most N files of each picture (200 by default): with other bytes in its header or anywhere, cut off, with a
tail, with bytes lost or added. Half of the PNGs have their checksums made right again. The same seed makes the same files.

    damage_pictures.py damaged preprocessing/src/test/resources/images/*.bmp
    picture_digests.py damaged > damaged.tsv
    src/bench/run corpus --expected damaged.tsv damaged/bmp
"""
import argparse
import pathlib
import random
import struct
import zlib

HEADER_BYTES = 160


def header_bytes(data, rng):
    """Each byte of the header, with values that a size, a count or a flag may go wrong at."""
    for at in range(min(HEADER_BYTES, len(data))):
        for value in (0, 1, 2, 0x7F, 0x80, 0xFF, data[at] ^ 1, data[at] ^ 0x80, data[at] + 1 & 0xFF, data[at] - 1 & 0xFF, rng.randrange(256)):
            if value != data[at]:
                yield f"header-{at}-{value}", data[:at] + bytes([value]) + data[at + 1:]


def any_bytes(data, rng):
    for number in range(60):
        damaged = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 4))):
            damaged[rng.randrange(len(data))] = rng.randrange(256)
        yield f"bytes-{number}", bytes(damaged)


def cuts(data, rng):
    for lost in (*range(1, 17), *(rng.randrange(17, max(18, len(data))) for _ in range(12))):
        if lost < len(data):
            yield f"cut-{lost}", data[:-lost]


def tails(data, rng):
    yield "tail-zeros", data + bytes(100)
    yield "tail-noise", data + rng.randbytes(100)
    yield "tail-twice", data + data


def shifts(data, rng):
    for number in range(30):
        at, count = rng.randrange(len(data)), rng.choice((1, 1, 2, 4, 9))
        yield f"lost-{number}", data[:at] + data[at + count:]
        yield f"added-{number}", data[:at] + rng.randbytes(count) + data[at:]


def with_right_checksums(png):
    """As far as the lengths of its chunks lead."""
    out, at = bytearray(png), 8
    while at + 12 <= len(out):
        length = struct.unpack(">I", out[at:at + 4])[0]
        if at + 12 + length > len(out):
            break
        end = at + 8 + length
        out[end:end + 4] = struct.pack(">I", zlib.crc32(out[at + 4:end]))
        at = end + 4
    return bytes(out)


def damaged(data, is_png, each, rng):
    rare = [*cuts(data, rng), *tails(data, rng)]
    many = [*header_bytes(data, rng), *any_bytes(data, rng), *shifts(data, rng)]
    for name, file in rare + rng.sample(many, max(0, min(len(many), each - len(rare)))):
        right = is_png and rng.random() < 0.5
        yield (name + "-right", with_right_checksums(file)) if right else (name, file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("pictures", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    for picture in arguments.pictures:
        rng = random.Random(f"{arguments.seed} {picture.name}")
        suffix = picture.suffix[1:]
        folder = arguments.out / suffix
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in damaged(picture.read_bytes(), suffix == "png", arguments.each, rng):
            (folder / f"{picture.stem}.{name}.{suffix}").write_bytes(file)


main()
