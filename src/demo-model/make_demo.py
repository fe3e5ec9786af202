"""Writes the requests of the product's demo, of every kind the model knows and five that must be refused.

usage: make_demo.py OUT
"""
import base64
import pathlib
import sys

import numpy as np
from PIL import Image

import make_requests
import questions
from make_requests import PIXELS, held_out

PLAN = (["card"] * 26 + ["number"] * 6 + ["pair"] * 12 + ["film"] * 14 + ["text"] * 8
        + ["turns"] * 14 + ["greeted"] * 3 + ["words-first"] * 4 + ["larger"] * 5 + ["jpeg"] * 3 + ["data-url"] * 3)


def write(desk, name, way, rng):
    """One request; way is a kind of picture or a way to show a card."""
    if way == "text":
        return desk.ask(name, [], [questions.talk(rng)])
    kind = {"turns": ("card", "card", "number", "pair", "film")[int(rng.integers(0, 5))]}.get(way, way if way in ("number", "pair", "film") else "card")
    stills, ask = held_out(rng, kind, worn=False)
    if kind == "film":
        media = [desk.film(name, stills)]
    elif way == "larger":
        big = np.array(Image.fromarray(stills[0]).resize((252, 252), Image.BICUBIC))
        media = [desk.picture(name + ".png", big, max_pixels=PIXELS)]
    elif way == "jpeg":
        media = [desk.picture(name + ".jpg", stills[0])]
    else:
        ends = [""] if len(stills) == 1 else [f"-{i}" for i in range(len(stills))]
        media = [desk.picture(name + end + ".png", still) for end, still in zip(ends, stills)]
    if way == "data-url":
        path = desk.out / media[0]["image_url"]["url"]
        media[0]["image_url"]["url"] = "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()
        path.unlink()
    turns = [ask() for _ in range(int(rng.integers(2, 4)) if way == "turns" else 1)]
    if way == "greeted":
        return desk.ask(name, media, [("text", "Hello!", questions.TALK[0][1]), *turns], shown_in=1)
    return desk.ask(name, media, turns, words_first=way == "words-first")


def write_bad(desk):
    """Requests that are refused, each for a reason of its own; the others must not notice."""
    def body(url, **fields):
        parts = [{"type": "image_url", "image_url": {"url": url}}, make_requests.text("What is this?")]
        return {"messages": [{"role": "user", "content": parts}], "temperature": 0, "max_completion_tokens": 96} | fields
    still, _ = held_out(np.random.default_rng([974, 0]), "card", worn=False)
    good = desk.keep("bad-0.png", still[0])
    whole = (desk.out / good).read_bytes()
    (desk.out / "media" / "bad-damaged.png").write_bytes(whole[:len(whole) // 2])
    stranger = body(good)
    stranger["messages"][0]["role"] = "narrator"
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
    for name, request, code in (("missing-file", body("media/bad-missing.png"), "image_file_not_found"),
                                ("damaged-image", body("media/bad-damaged.png"), "image_parse_error"),
                                ("unknown-role", stranger, "invalid_value"),
                                ("too-hot", body(good, temperature=9), "decimal_above_max_value"),
                                ("unsupported-field", body(good, tools=[tool]), "unsupported_parameter")):
        desk.add("bad-" + name, request, {"kind": "bad", "error": code})


def main():
    desk = make_requests.Desk(pathlib.Path(sys.argv[1]))
    for i, way in enumerate(PLAN):
        write(desk, f"{way}-{PLAN[:i].count(way) + 1:02d}", way, np.random.default_rng([973, i]))
    write_bad(desk)
    desk.close()
    print(f"{len(desk.requests)} requests, {sum(f.stat().st_size for f in desk.out.rglob('*') if f.is_file())} bytes in {desk.out}")


if __name__ == "__main__":
    main()
