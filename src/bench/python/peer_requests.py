"""What the scripts of peers share: the command line that `src/bench/run peers` gives them, requests, and figures."""

import argparse
import copy
import json
import pathlib
import statistics
import time

import numpy as np
from PIL import Image


class Request:
    """A line of a request file: messages with the media beside them."""

    def __init__(self, line, folder):
        row = json.loads(line)
        body = row["body"]
        self.id = row["custom_id"]
        self.messages = body["messages"]
        self.completion_tokens = body["max_completion_tokens"]
        self.temperature = body["temperature"]
        parts = [part for message in self.messages if isinstance(message["content"], list) for part in message["content"]]
        self.image_files = [folder / part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
        self._videos = [[folder / frame for frame in part["video"]] for part in parts if part["type"] == "video"]

    def images(self):
        return [Image.open(file).convert("RGB") for file in self.image_files]

    def videos(self):
        return [np.stack([np.asarray(Image.open(file).convert("RGB")) for file in frames]) for frames in self._videos]


def read(file):
    file = pathlib.Path(file)
    return [Request(line, file.parent) for line in file.read_text(encoding="utf-8").splitlines()]


def chat_template(model):
    return json.loads((pathlib.Path(model) / "chat_template.json").read_text(encoding="utf-8"))["chat_template"]


def arguments(description, **more):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", required=True)
    parser.add_argument("--result", required=True, help="the file that the figures go to, as JSON")
    parser.add_argument("--started", type=float, required=True, help="when the process was started, in seconds since 1970")
    parser.add_argument("--first", required=True, help="a file with one request of text and one token")
    parser.add_argument("--rounds", type=int, default=1, help="the quickest counts")
    parser.add_argument("workloads", nargs="+")
    for name, kind in more.items():
        parser.add_argument("--" + name, type=kind, required=True)
    return parser.parse_args()


def measure(given, answer, forget=lambda: None):
    """Has each file answered, after one request that is not counted.

    `answer` takes requests and returns the tokens of each prompt, the tokens of each answer, and the seconds of the steps
    that only decode; `forget` empties caches.
    """
    answer(read(given.first))
    result = {"first_token_seconds": time.time() - given.started, "workloads": {}}
    for file in given.workloads:
        requests = read(file)
        warm_up = copy.copy(requests[0])
        warm_up.completion_tokens = 3
        answer([warm_up])
        rounds = []
        for _ in range(given.rounds):
            forget()
            start = time.perf_counter()
            prompts, answers, steps = answer(requests)
            rounds.append(
                {
                    "seconds": time.perf_counter() - start,
                    "step_seconds": statistics.median(steps) if steps else 0,
                    "prompt_tokens": prompts,
                    "completion_tokens": answers,
                }
            )
        result["workloads"][pathlib.Path(file).stem] = min(rounds, key=lambda round: round["seconds"])
    pathlib.Path(given.result).write_text(json.dumps(result), encoding="utf-8")
