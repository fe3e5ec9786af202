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


def test_choices_are_the_answers_of_seeds_that_follow_each_other(client: openai.OpenAI) -> None:
    asked = dict(model="model", messages=[{"role": "user", "content": "hello"}], temperature=1.5, max_tokens=12)
    asked |= dict(logprobs=True, top_logprobs=2)
    several = client.chat.completions.create(**asked, seed=3, n=3)
    texts, scores, usage = [""] * 3, [[], [], []], None
    options = {"include_usage": True}
    for part in client.chat.completions.create(**asked, seed=3, n=3, stream=True, stream_options=options):
        for choice in part.choices:
            texts[choice.index] += choice.delta.content or ""
            scores[choice.index] += choice.logprobs.content if choice.logprobs else []
        usage = part.usage
    for i, choice in enumerate(several.choices):
        alone = client.chat.completions.create(**asked, seed=3 + i).choices[0]
        assert choice.index == i
        assert choice.message.content == alone.message.content == texts[i]
        assert [token.token for token in choice.logprobs.content] == [token.token for token in scores[i]]
        assert all(len(token.top_logprobs) == 2 for token in scores[i])
    # Of the prompt the cache may have more by then.
    assert usage.prompt_tokens == several.usage.prompt_tokens
    assert usage.completion_tokens == several.usage.completion_tokens
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(**asked, n=65)
    assert refused.value.param == "n"


def test_errors_are_the_clients_own(client: openai.OpenAI, messages: list) -> None:
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="other", messages=messages)
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model="model", messages=messages, temperature=3)
    assert refused.value.param == "temperature"
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="other").models.list()
