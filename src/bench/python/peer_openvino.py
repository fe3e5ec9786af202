"""OpenVINO GenAI's continuous batching on the CPU with its prefix cache, for `src/bench/run peers`."""

import pathlib

import numpy as np
import openvino
import openvino_genai
from transformers import PreTrainedTokenizerFast

import peer_requests


class OpenVino:
    def __init__(self, model, converted):
        self.template = peer_requests.chat_template(model)
        self.tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(pathlib.Path(model) / "tokenizer.json"))
        scheduler = openvino_genai.SchedulerConfig()
        scheduler.cache_size = 2  # GB, as much as ours
        scheduler.max_num_seqs = 64
        scheduler.max_num_batched_tokens = 2048
        scheduler.enable_prefix_caching = True
        self.pipeline = openvino_genai.ContinuousBatchingPipeline(converted, scheduler, "CPU")

    def answer(self, requests):
        prompts = [
            self.tokenizer.apply_chat_template(
                request.messages, chat_template=self.template, tokenize=False, add_generation_prompt=True
            )
            for request in requests
        ]
        media = {"images": [[openvino.Tensor(np.asarray(image)[None]) for image in it.images()] for it in requests]}
        videos = [[openvino.Tensor(video) for video in request.videos()] for request in requests]
        if any(videos):
            media["videos"] = videos
        outputs = self.pipeline.generate(
            prompts, generation_config=[self.lengths_and_choice(request) for request in requests], **media
        )
        figures = [output.perf_metrics for output in outputs]
        # It counts the tokens of all answers together, and refuses to end one early.
        asked = {request.id: request.completion_tokens for request in requests}
        generated = figures[0].get_num_generated_tokens()
        if generated != sum(asked.values()):
            raise SystemExit(f"expected {sum(asked.values())} tokens, OpenVINO generated {generated}")
        times = figures[0].raw_metrics.m_new_token_times  # milliseconds, of each step
        steps = [(after - before) / 1e3 for before, after in zip(times, times[1:])]
        # All answers are being written in the last ones, where they are of one length.
        steps = steps[-max(1, min(asked.values()) - 2) :]
        return {it.id: its.get_num_input_tokens() for it, its in zip(requests, figures)}, asked, steps

    @staticmethod
    def lengths_and_choice(request):
        config = openvino_genai.GenerationConfig()
        config.max_new_tokens = config.min_new_tokens = request.completion_tokens
        config.ignore_eos = True
        config.apply_chat_template = False
        config.do_sample = request.temperature > 0
        if config.do_sample:
            config.temperature = request.temperature
            config.top_k = 0
        return config


def main():
    given = peer_requests.arguments(__doc__, converted=str)
    peer_requests.measure(given, OpenVino(given.model, given.converted).answer)


if __name__ == "__main__":
    main()
