"""Writes held-out pictures as OpenAI Batch requests: OUT/requests.jsonl, OUT/media, and the expected answers in OUT/answers.jsonl.

usage: make_requests.py OUT [--pictures N] [--films M] [--seed S]
"""
import argparse
import json
import pathlib
import shutil

import numpy as np
from PIL import Image

import questions
import scenes

PIXELS = scenes.SIDE * scenes.SIDE  # what the model was trained on; requests pin films and larger pictures to it
KINDS = ["card"] * 11 + ["number"] * 3 + ["pair"] * 6


def text(words):
    return {"type": "text", "text": words}


class Desk:
    """Collects requests, the files they name and the answers that are expected."""

    def __init__(self, out):
        self.out, self.requests, self.answers = out, [], []
        shutil.rmtree(out / "media", ignore_errors=True)
        (out / "media").mkdir(parents=True)

    def keep(self, name, pixels):
        Image.fromarray(pixels).save(self.out / "media" / name, optimize=True, **({"quality": 90} if name.endswith("jpg") else {}))
        return "media/" + name

    def picture(self, name, pixels, **bounds):
        return {"type": "image_url", "image_url": {"url": self.keep(name, pixels), **bounds}}

    def film(self, name, frames):
        urls = [self.keep(f"{name}-{i}.png", f) for i, f in enumerate(frames)]
        return {"type": "video_url", "video_url": {"url": urls, "min_pixels": PIXELS, "max_pixels": PIXELS}}

    def ask(self, name, media, turns, shown_in=0, words_first=False):
        """A conversation whose last question is open: turns are (kind, question, answer); media come in one of them."""
        messages = []
        for i, (_, question, answer) in enumerate(turns):
            parts = [*(media if i == shown_in else []), text(question)]
            messages.append({"role": "user", "content": parts[::-1] if words_first else parts})
            messages.append({"role": "assistant", "content": answer})
        body = {"messages": messages[:-1], "temperature": 0, "max_completion_tokens": 96}
        self.add(name, body, {"kind": turns[-1][0], "turns": len(turns), "answer": turns[-1][2]})

    def add(self, name, body, expected):
        self.requests.append({"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body})
        self.answers.append({"custom_id": name} | expected)

    def close(self):
        for name, lines in (("requests", self.requests), ("answers", self.answers)):
            (self.out / f"{name}.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def held_out(rng, kind, worn=True):
    """(pictures or the frames of a film, a function that asks about them) of an arrangement kept from training."""
    if kind == "film":
        film, = scenes.draw(True, lambda: (scenes.random_film(rng),))
        return scenes.Painter(rng, worn).film(film), lambda: questions.about_film(rng, film)
    cards = scenes.draw(True, lambda: scenes.random_cards(rng, kind))
    ask = questions.about_pair if kind == "pair" else questions.about_card
    return [scenes.Painter(rng, worn).card(card) for card in cards], lambda: ask(rng, *cards)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--films", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    desk = Desk(args.out)
    for i in range(args.pictures + args.films):
        rng = np.random.default_rng([971, args.seed, i])
        kind = KINDS[i % len(KINDS)] if i < args.pictures else "film"
        stills, ask = held_out(rng, kind)
        name = f"{kind}-{i:04d}"
        media = [desk.film(name, stills)] if kind == "film" else [desk.picture(f"{name}-{j}.png", s) for j, s in enumerate(stills)]
        turns = 1 if i % 5 else int(rng.integers(2, 4))  # one conversation in five has more turns
        desk.ask(name, media, [questions.as_typed(rng, ask()) for _ in range(turns)])
    for i in range(20):
        desk.ask(f"text-{i:04d}", [], [questions.talk(np.random.default_rng([972, args.seed, i]))])
    desk.close()
    print(f"{len(desk.requests)} requests in {args.out}")


if __name__ == "__main__":
    main()
