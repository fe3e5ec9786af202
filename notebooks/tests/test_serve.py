"""OpenAI's client against ./sparkvlm serve."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

import sparkvlm


@pytest.fixture(scope="module")
def client(top: Path) -> Iterator[openai.OpenAI]:
    command = [str(top / "sparkvlm"), "serve", "--model", sparkvlm.demo_model(), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "SPARKVLM_API_KEY": "secret"}
    ) as server:
        assert server.stdout
        listening = re.search(r"http://\S+", server.stdout.readline())
        assert listening
        yield openai.OpenAI(base_url=listening.group(), api_key="secret", max_retries=0)
        server.terminate()
        assert server.wait(60) == 0


@pytest.fixture(scope="module")
def messages(demo: Path) -> list[dict[str, object]]:
    picture = base64.b64encode((demo / "media" / "card-01.png").read_bytes()).decode()
    return [
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}},
                {"type": "text", "text": "What colour is the circle?"},
            ],
        }
    ]


def test_a_stream_is_the_whole_answer(client: openai.OpenAI, messages: list) -> None:
    model = client.models.list().data[0].id
    whole = client.chat.completions.create(model=model, messages=messages, temperature=0)
    parts = list(
        client.chat.completions.create(
            model=model, messages=messages, temperature=0, stream=True, stream_options={"include_usage": True}
        )
    )
    assert whole.choices[0].message.content == "The circle is blue."
    assert "".join(part.choices[0].delta.content or "" for part in parts if part.choices) == "The circle is blue."
    assert parts[-1].usage.completion_tokens == whole.usage.completion_tokens


def test_errors_are_the_clients_own(client: openai.OpenAI, messages: list) -> None:
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="other", messages=messages)
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model="model", messages=messages, temperature=3)
    assert refused.value.param == "temperature"
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="other").models.list()
