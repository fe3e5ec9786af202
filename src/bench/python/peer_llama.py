"""llama.cpp's server on the CPU with its prefix cache, for `src/bench/run peers`."""

import base64
import concurrent.futures
import copy
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import peer_requests

SOURCES = pathlib.Path(sys.prefix) / "vendor" / "llama.cpp"
SERVER = pathlib.Path(sys.prefix) / "build" / "bin" / "llama-server"
MODEL = "model.gguf"
PROJECTOR = "projector.gguf"
AT_ONCE = 8
# Of all slots together, so that the longest prompts of each find room.
CONTEXT = 8192 * AT_ONCE


class LlamaCpp:
    def __init__(self, model, converted):
        self.model, self.converted = model, pathlib.Path(converted)
        self.start()

    def start(self):
        template = tempfile.NamedTemporaryFile("w", suffix=".jinja", encoding="utf-8")
        template.write(peer_requests.chat_template(self.model))
        template.flush()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [SERVER, "--model", self.converted / MODEL, "--mmproj", self.converted / PROJECTOR]
            + ["--jinja", "--chat-template-file", template.name, "--host", "127.0.0.1", "--port", str(port)]
            + ["--no-ui", "--offline", "--threads", str(os.cpu_count())]
            + ["--parallel", str(AT_ONCE), "--kv-unified", "--ctx-size", str(CONTEXT), "--seed", "0"]
        )
        while not self.is_healthy():
            if self.process.poll() is not None:
                raise SystemExit(f"{SERVER} ended with {self.process.returncode}")
            time.sleep(0.05)
        template.close()

    def is_healthy(self):
        try:
            with urllib.request.urlopen(self.url + "/health", timeout=10) as answer:
                return answer.status == 200
        except OSError:  # of which urllib's are
            return False  # not there yet, or it answers 503 while it loads

    def answer(self, requests):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as clients:
            answers = list(clients.map(self.ask, requests))
        prompts = {request.id: answer["usage"]["prompt_tokens"] for request, answer in zip(requests, answers)}
        lengths = {request.id: answer["usage"]["completion_tokens"] for request, answer in zip(requests, answers)}
        # Of the answer that was begun last, whose steps no prompt held up.
        return prompts, lengths, [min(answer["timings"]["predicted_per_token_ms"] for answer in answers) / 1e3]

    def ask(self, request):
        body = {
            "messages": with_pictures(request),
            "max_tokens": request.completion_tokens,
            "ignore_eos": True,
            "temperature": request.temperature,
            "top_k": 0,
            "top_p": 1.0,
            "min_p": 0.0,
        }
        asked = urllib.request.Request(
            self.url + "/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked) as answer:
            return json.load(answer)

    def end(self):
        self.process.terminate()
        self.process.wait()

    def forget(self):
        self.end()
        self.start()


def with_pictures(request):
    files = iter(request.image_files)
    messages = copy.deepcopy(request.messages)
    for message in messages:
        for part in message["content"] if isinstance(message["content"], list) else []:
            if part["type"] == "image_url":
                data = base64.b64encode(next(files).read_bytes()).decode()
                part["image_url"] = {"url": "data:image/jpeg;base64," + data}
            elif part["type"] != "text":
                raise SystemExit(f"expected texts and images, found {part['type']}: the server takes no frames of a video")
    return messages


def main():
    given = peer_requests.arguments(__doc__, converted=str)
    llama = LlamaCpp(given.model, given.converted)
    try:
        peer_requests.measure(given, llama.answer, llama.forget)
    finally:
        llama.end()


if __name__ == "__main__":
    main()
