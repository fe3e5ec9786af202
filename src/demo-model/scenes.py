"""Pictures and the facts they show: a 3 x 3 card with shapes, a card with a number, frames in which one shape moves."""
import io
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

CELL = 28  # pixels: one language token after the 2 x 2 merge of 14-pixel patches
SIDE = 3 * CELL
SHAPES = ("circle", "square", "triangle", "star", "cross")
COLOURS = {
    "red": (214, 36, 40), "orange": (242, 140, 24), "yellow": (236, 212, 32), "green": (40, 158, 60),
    "blue": (36, 84, 214), "purple": (134, 52, 170), "pink": (244, 130, 186), "black": (28, 28, 30),
}
SHAPES_ON_A_CARD = (1, 1, 2, 2, 3, 3, 4, 5)
PLACES = ("top left", "top centre", "top right", "middle left", "centre", "middle right",
          "bottom left", "bottom centre", "bottom right")
WAYS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1), "still": (0, 0)}
# 5 x 7 dots, a row a number, the left dot its highest bit
DIGITS = ((14, 17, 19, 21, 25, 17, 14), (4, 12, 4, 4, 4, 4, 14), (14, 17, 1, 2, 4, 8, 31), (31, 2, 4, 2, 1, 17, 14),
          (2, 6, 10, 18, 31, 2, 2), (31, 16, 30, 1, 1, 17, 14), (6, 8, 16, 30, 17, 17, 14), (31, 1, 2, 4, 8, 8, 8),
          (14, 17, 17, 14, 17, 17, 14), (14, 17, 17, 15, 1, 2, 12))


@dataclass(frozen=True)
class Item:
    """A shape of one colour in a cell; cells count from the top left, row by row."""
    shape: str
    colour: str
    cell: int


@dataclass(frozen=True)
class Card:
    """A still picture: shapes in reading order, or a number, or neither."""
    items: tuple[Item, ...] = ()
    number: str = ""
    number_cell: int = 0  # where its first digit stands

    def key(self):
        return repr((self.items, self.number, self.number_cell))


@dataclass(frozen=True)
class Film:
    """One shape that moves from one cell to another, or stays, over two to six frames."""
    item: Item
    way: str
    cells: int  # how far it goes
    frames: int

    def key(self):
        return repr((self.item, self.way, self.cells))


def is_held_out(*things):
    """One arrangement in eight is kept from training, whatever the seed: by its content, so the two sets cannot meet."""
    return zlib.crc32("|".join(thing.key() for thing in things).encode()) % 8 == 0


def draw(held_out, make):
    """What make() makes, of the arrangements kept from training or of the others."""
    while True:
        things = make()
        if is_held_out(*things) == held_out:
            return things


def random_card(rng, shapes):
    cells = sorted(rng.choice(9, shapes, replace=False))
    kinds = rng.choice(len(SHAPES) * len(COLOURS), shapes, replace=False)
    # half of the cards repeat a shape or a colour, so that counting has something to count
    if shapes > 1 and rng.random() < 0.5:
        narrow = rng.choice(len(SHAPES), 2, replace=False) if rng.random() < 0.5 else np.arange(len(SHAPES))
        tints = rng.choice(len(COLOURS), 3 if len(narrow) == 2 else 2, replace=False)
        pool = [s * len(COLOURS) + c for s in narrow for c in tints]
        kinds = rng.choice(pool, shapes, replace=False)
    names = list(COLOURS)
    return Card(tuple(Item(SHAPES[k // len(names)], names[k % len(names)], int(c)) for k, c in zip(kinds, cells)))


def random_number(rng):
    digits = int(rng.integers(1, 4))
    return Card(number="".join(str(d) for d in rng.integers(0, 10, digits)), number_cell=3 + int(rng.integers(0, 4 - digits)))


def random_cards(rng, kind):
    """The cards of one request: a card, a number, or two cards to compare."""
    if kind == "card":
        return random_card(rng, int(rng.choice(SHAPES_ON_A_CARD))),
    if kind == "number":
        return random_number(rng),
    if rng.random() < 0.35:
        return tuple(random_card(rng, int(n)) for n in rng.integers(1, 6, 2))
    first, second = (random_card(rng, 1) for _ in range(2))
    roll, a, b = rng.random(), first.items[0], second.items[0]
    if roll < 0.6:  # as often alike as not
        second = Card((Item(a.shape if roll < 0.35 else b.shape, a.colour if roll >= 0.25 else b.colour, b.cell),))
    return first, second


def random_film(rng):
    way = list(WAYS)[rng.integers(0, 5)]
    dx, dy = WAYS[way]
    cells = int(rng.integers(1, 3)) if way != "still" else 0
    row, column = (int(rng.integers(0, 3)) for _ in range(2))
    if dx:
        column = int(rng.integers(0, 3 - cells)) if dx > 0 else int(rng.integers(cells, 3))
    if dy:
        row = int(rng.integers(0, 3 - cells)) if dy > 0 else int(rng.integers(cells, 3))
    item = Item(SHAPES[rng.integers(0, 5)], list(COLOURS)[rng.integers(0, 8)], row * 3 + column)
    return Film(item, way, cells, int(rng.choice([2, 3, 4, 4, 5, 6, 6])))


def _outline(shape, size):
    """The shape's mask on a cell, from 8 x 8 samples a pixel."""
    n = 8
    big = Image.new("L", (CELL * n, CELL * n))
    draw = ImageDraw.Draw(big)
    lo, hi = (CELL - size) / 2 * n, (CELL + size) / 2 * n
    middle, radius = CELL * n / 2, size * n / 2
    if shape == "circle":
        draw.ellipse([lo, lo, hi, hi], fill=255)
    elif shape == "square":
        draw.rectangle([lo + n, lo + n, hi - n, hi - n], fill=255)
    elif shape == "triangle":
        draw.polygon([(middle, lo), (hi, hi), (lo, hi)], fill=255)
    elif shape == "star":
        turn = np.arange(10) * np.pi / 5 - np.pi / 2
        reach = np.where(np.arange(10) % 2 == 0, radius * 1.1, radius * 0.45)
        draw.polygon([(middle + r * np.cos(a), middle + r * np.sin(a)) for r, a in zip(reach, turn)], fill=255)
    else:
        arm = size * n * 0.16
        draw.rectangle([middle - arm, lo, middle + arm, hi], fill=255)
        draw.rectangle([lo, middle - arm, hi, middle + arm], fill=255)
    return np.asarray(big.reduce(n), np.float32) / 255


def _digit(digit):
    mask = np.zeros((CELL, CELL), np.float32)
    dots = np.array([[row >> (4 - column) & 1 for column in range(5)] for row in DIGITS[digit]], np.float32)
    mask[3:24, 6:21] = dots.repeat(3, 0).repeat(3, 1)
    return mask


_OUTLINES = {(shape, size): _outline(shape, size) for shape in SHAPES for size in (19, 20, 21, 22, 23)}
_DIGIT_MASKS = [_digit(d) for d in range(10)]


class Painter:
    """Paints with one set of light, ink and paper, so that the frames of a film share theirs; worn: as files in the wild are."""

    def __init__(self, rng, worn=True):
        self.rng = rng
        self.paper = rng.integers(228, 256, 3).astype(np.float32)
        self.frame = rng.integers(60, 150, 3).astype(np.float32)
        self.size = int(rng.integers(19, 24))
        self.shade = rng.integers(-10, 11, 3).astype(np.float32)
        self.wear = rng.choice(["none", "none", "none", "noise", "jpeg", "resized"]) if worn else "none"
        self.quality, self.larger = int(rng.integers(75, 96)), int(rng.integers(SIDE + 1, 4 * SIDE))

    def canvas(self):
        pixels = np.empty((SIDE, SIDE, 3), np.float32)
        pixels[:] = self.frame
        pixels[2:-2, 2:-2] = self.paper  # the frame tells a cell where it lies
        return pixels

    def stamp(self, pixels, mask, ink, x, y):
        height, width = min(CELL, SIDE - y), min(CELL, SIDE - x)
        top, left = max(0, -y), max(0, -x)
        part = mask[top:height, left:width, None]
        area = pixels[y + top:y + height, x + left:x + width]
        area += part * (ink - area)

    def finish(self, pixels):
        if self.wear == "noise":
            pixels = pixels + self.rng.normal(0, 4, pixels.shape)
        pixels = np.clip(np.rint(pixels), 0, 255).astype(np.uint8)
        if self.wear == "jpeg":
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "JPEG", quality=self.quality)
            pixels = np.array(Image.open(file))
        if self.wear == "resized":  # as a larger picture looks after the processor made it small
            image = Image.fromarray(pixels).resize((self.larger, self.larger), Image.BICUBIC)
            pixels = np.array(image.resize((SIDE, SIDE), Image.BICUBIC))
        return pixels

    def jitter(self):
        return (int(v) for v in self.rng.integers(-2, 3, 2))

    def card(self, card):
        pixels = self.canvas()
        for item in card.items:
            dx, dy = self.jitter()
            mask = _OUTLINES[item.shape, int(self.rng.integers(19, 24))]
            shade = self.rng.integers(-10, 11, 3)
            self.stamp(pixels, mask, np.float32(COLOURS[item.colour]) + shade, item.cell % 3 * CELL + dx, item.cell // 3 * CELL + dy)
        if card.number:
            ink = self.rng.integers(0, 90, 3).astype(np.float32)
            dx, dy = self.jitter()
            for i, digit in enumerate(card.number):
                cell = card.number_cell + i
                self.stamp(pixels, _DIGIT_MASKS[int(digit)], ink, cell % 3 * CELL + dx, cell // 3 * CELL + dy)
        return self.finish(pixels)

    def film(self, film):
        dx, dy = self.jitter()
        way = np.array(WAYS[film.way]) * film.cells * CELL
        start = np.array([film.item.cell % 3 * CELL + dx, film.item.cell // 3 * CELL + dy])
        frames = []
        for i in range(film.frames):
            pixels = self.canvas()
            x, y = np.rint(start + way * i / (film.frames - 1)).astype(int)
            ink = np.float32(COLOURS[film.item.colour]) + self.shade
            self.stamp(pixels, _OUTLINES[film.item.shape, self.size], ink, int(x), int(y))
            frames.append(self.finish(pixels))
        return frames
