"""Training and test batches: rows that hold one picture (or two, or a film) and many questions that do not see each other."""
import re
from dataclasses import dataclass

import numpy as np
import torch

import model
import questions
import scenes
from tokens import SYSTEM, SYSTEMS

LENGTH = 224  # tokens a row
WORDS_FIRST = 0.12  # share of rows whose questions come before the picture
GREETED = 0.08  # share of rows whose picture comes in the second turn
IGNORED = -100


@dataclass
class Batch:
    ids: torch.Tensor  # [rows, LENGTH]
    positions: torch.Tensor  # [3, rows, LENGTH]
    mask: torch.Tensor  # [rows, 1, LENGTH, LENGTH], True where a token may look
    patches: torch.Tensor  # uint8 [units, 36, 1176]
    vision_at: torch.Tensor  # indices of flattened ids that vision rows replace
    vision_from: torch.Tensor  # which of the units * 9 vision rows stands there
    spoken_at: torch.Tensor  # indices whose next token the assistant says
    targets: torch.Tensor  # those next tokens
    answers: list  # (kind, first, end) into spoken_at
    pointer_at: torch.Tensor  # [pointers], flattened ids where the assistant is about to speak of a cell
    pointer_cells: torch.Tensor  # [pointers, 18], flattened ids of the cells it could look at
    pointer_valid: torch.Tensor  # [pointers, 18], False beyond the last of them
    pointer_to: torch.Tensor  # [pointers], which of them it should look at
    cells: torch.Tensor  # [units, 9, 2], shape or digit and colour of a cell, IGNORED where that is not certain
    ways: torch.Tensor  # [units], which way the unit's film goes, IGNORED for stills


def _card_cells(card):
    cells = np.zeros((9, 2), np.int64)
    for item in card.items:
        cells[item.cell] = 1 + scenes.SHAPES.index(item.shape), 1 + questions.COLOUR_NAMES.index(item.colour)
    for i, digit in enumerate(card.number):
        cells[card.number_cell + i] = 6 + int(digit), 0
    return cells


def _film_cells(film, unit):
    cells = np.full((9, 2), IGNORED, np.int64)
    dx, dy = scenes.WAYS[film.way]
    along = film.cells * min(1, (2 * unit + 0.5) / (film.frames - 1))
    x, y = film.item.cell % 3 + dx * along, film.item.cell // 3 + dy * along
    for cell in range(9):
        reach = max(abs(cell % 3 - x), abs(cell // 3 - y))
        if reach > 1.1:
            cells[cell] = 0, 0
        elif reach < 0.4:
            cells[cell] = 1 + scenes.SHAPES.index(film.item.shape), 1 + questions.COLOUR_NAMES.index(film.item.colour)
    return cells


def spoken_cells(cards, answer):
    """Pieces of an answer with the cell each speaks of, over all cards, or None: [(text, cell)]."""
    if cards and cards[0].number and cards[0].number in answer:
        before, after = answer.split(cards[0].number)
        return [(before, None), *((digit, cards[0].number_cell + i) for i, digit in enumerate(cards[0].number)), (after, None)]
    pieces = []
    for clause in re.split(r"(?<=,)(?= )|(?= and )", answer):
        words = set(re.findall(r"\w+", clause))
        found = [9 * n + item.cell for n, card in enumerate(cards) for item in card.items
                 if (len(cards) == 1 or ("first", "second")[n] in words)
                 and ({item.colour, item.shape} <= words or len(cards) == 2 and len(card.items) == 1 and {item.colour, item.shape} & words)]
        pieces.append((clause, found[0] if len(found) == 1 else None))
    return pieces


class Strip:
    """Tokens in a line, each with its place on the three axes, and which of them are vision rows or said by the assistant."""

    def __init__(self, talk, at):
        self.talk, self.at = talk, at  # at: the place of the next text token
        self.ids, self.places, self.sights, self.answers, self.pointers = [], [], [], [], []

    def write(self, ids):
        self.ids += ids
        self.places += [(self.at + i,) * 3 for i in range(len(ids))]
        self.at += len(ids)

    def show(self, pad, units):
        """An image or a film: units are its slices' numbers."""
        self.write([self.talk.vision_start])
        for t, unit in enumerate(units):
            self.sights.append((len(self.ids), unit))
            self.ids += [pad] * 9
            self.places += [(self.at + t, self.at + c // 3, self.at + c % 3) for c in range(9)]
        self.at += max(3, len(units))
        self.write([self.talk.vision_end])

    def answer(self, kind, text, cards):
        said = [*self.talk.ids(text), self.talk.end]
        at = len(self.ids) - 1
        for piece, cell in spoken_cells(cards, text):
            length = len(self.talk.ids(piece))
            if cell is not None:
                self.pointers += [(at + i, cell) for i in range(length)]
            at += length
        self.answers.append((kind, len(self.ids), len(self.ids) + len(said)))
        self.write(said)


class Writer:
    """Makes rows of a kind of picture from a random generator; the same generator gives the same batch."""

    def __init__(self, conversation, held_out):
        self.talk, self.held_out = conversation, held_out

    def subject(self, rng, kind):
        """(media, each a list of frame pairs; their token; cells; ways; cards; a function that asks about them)."""
        if kind == "text":
            return [], None, [], [], (), lambda: questions.talk(rng)
        if kind == "film":
            film, = scenes.draw(self.held_out, lambda: (scenes.random_film(rng),))
            frames = scenes.Painter(rng).film(film)
            frames += frames[-1:] * (len(frames) % 2)  # an odd count repeats the last
            units = list(zip(frames[::2], frames[1::2]))
            way = list(scenes.WAYS).index(film.way)
            return [units], self.talk.video, [_film_cells(film, i) for i in range(len(units))], [way] * len(units), (), lambda: questions.about_film(rng, film)
        cards = scenes.draw(self.held_out, lambda: scenes.random_cards(rng, kind))
        stills = [scenes.Painter(rng).card(card) for card in cards]
        ask = questions.about_pair if kind == "pair" else questions.about_card
        return [[(p, p)] for p in stills], self.talk.image, [_card_cells(c) for c in cards], [IGNORED] * len(cards), cards, lambda: ask(rng, *cards)

    def branch(self, turns, at, show, cards):
        """One conversation after the row's opening; show writes its media after the words of the first question."""
        strip = Strip(self.talk, at)
        for i, (kind, question, answer) in enumerate(turns):
            strip.write(self.talk.asked(question, first=i == 0))
            if i == 0:
                show(strip)
            strip.write(self.talk.answering())
            strip.answer(kind, answer, cards)
        return strip

    def row(self, rng, kind, first_unit, chains):
        """(strips: the opening and the conversations; frame pairs; cells; ways)."""
        media, pad, cells, ways, cards, ask = self.subject(rng, kind)
        units = iter(range(first_unit, first_unit + len(cells)))
        numbered = [[next(units) for _ in pairs] for pairs in media]

        def show(strip):
            for numbers in numbered:
                strip.show(pad, numbers)
        words_first = kind != "text" and rng.random() < WORDS_FIRST
        opening = Strip(self.talk, 0)
        opening.write(self.talk.opening(SYSTEM if rng.random() < 0.8 else SYSTEMS[int(rng.integers(0, len(SYSTEMS)))]))
        if kind != "text" and rng.random() < GREETED:
            _, question, answer = questions.talk(rng)
            opening.write([*self.talk.asked(question, first=True), *self.talk.answering(), *self.talk.ids(answer), self.talk.end, *self.talk.asked("", first=False)])
        if not words_first:
            show(opening)
        strips, asked, room = [opening], set(), LENGTH - len(opening.ids)
        for _ in range(40):
            turns = [questions.as_typed(rng, ask()) for _ in range(1 if rng.random() >= chains else int(rng.integers(2, 4)))]
            if len(turns) == 1 and turns[0][1] in asked:
                continue
            asked.add(turns[0][1])
            strip = self.branch(turns, opening.at, show if words_first else lambda _: None, cards)
            room -= len(strip.ids)
            if room < 0:
                break
            strips.append(strip)
        return strips, [pair for pairs in media for pair in pairs], cells, ways

    def batch(self, rng, kinds, chains=0.25):
        """A row for each kind; chains: how often a conversation has two or three turns instead of one."""
        ids = np.full((len(kinds), LENGTH), self.talk.pad, np.int64)
        places = np.zeros((3, len(kinds), LENGTH), np.int64)
        segment = np.full((len(kinds), LENGTH), -1, np.int64)  # 0: the opening, which all conversations of the row see
        pairs, cells, ways, vision_at, vision_from, spoken_at, targets, answers = [], [], [], [], [], [], [], []
        pointer_at, pointer_cells, pointer_valid, pointer_to, sights = [], [], [], [], []
        for r, kind in enumerate(kinds):
            strips, row_pairs, row_cells, row_ways = self.row(rng, kind, len(pairs), chains)
            pairs, cells, ways, used = pairs + row_pairs, cells + row_cells, ways + row_ways, 0
            for number, strip in enumerate(strips):
                here = slice(used, used + len(strip.ids))
                ids[r, here], places[:, r, here], segment[r, here] = strip.ids, np.array(strip.places).T, number
                base = r * LENGTH + used
                for offset, unit in strip.sights:
                    vision_at += range(base + offset, base + offset + 9)
                    vision_from += range(unit * 9, unit * 9 + 9)
                for kind, begin, end in strip.answers:
                    answers.append((kind, len(targets), len(targets) + end - begin))
                    spoken_at += range(base + begin - 1, base + end - 1)
                    targets += strip.ids[begin:end]
                sights = [base + offset for offset, _ in strip.sights] or sights
                pointer_at += [base + offset for offset, _ in strip.pointers]
                pointer_to += [cell for _, cell in strip.pointers]
                pointer_cells += [[sights[c // 9] + c % 9 if c < 9 * len(sights) else 0 for c in range(18)]] * len(strip.pointers)
                pointer_valid += [[c < 9 * len(sights) for c in range(18)]] * len(strip.pointers)
                used += len(strip.ids)
        order = np.arange(LENGTH)
        see = ((segment[:, :, None] == segment[:, None, :]) | (segment[:, None, :] == 0)) & (order[:, None] >= order[None, :])
        return Batch(*(torch.from_numpy(a) for a in (ids, places, see[:, None], model.patches(np.array(pairs)))),
                     *(torch.tensor(v) for v in (vision_at, vision_from, spoken_at, targets)), answers,
                     *(torch.tensor(v) for v in (pointer_at, pointer_cells, pointer_valid, pointer_to)),
                     torch.from_numpy(np.array(cells)), torch.tensor(ways))
