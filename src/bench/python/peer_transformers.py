"""Hugging Face transformers with scaled_dot_product_attention, for `src/bench/run peers`: static batches of like lengths."""

import time

import torch
from transformers import AutoProcessor, Qwen2VLForConditionalGeneration, StoppingCriteria, StoppingCriteriaList

import peer_requests


class Clock(StoppingCriteria):
    """Ends each row at its own length, and notes when each token was there."""

    def __init__(self, lengths):
        self.lengths = torch.tensor(lengths)
        self.times = []

    def __call__(self, input_ids, scores, **kwargs):
        self.times.append(time.perf_counter())
        return self.lengths <= len(self.times)


class Transformers:
    def __init__(self, model, batch):
        self.batch = batch
        self.template = peer_requests.chat_template(model)
        self.processor = AutoProcessor.from_pretrained(model)
        self.processor.tokenizer.padding_side = "left"
        self.model = Qwen2VLForConditionalGeneration.from_pretrained(
            model, dtype=torch.bfloat16, attn_implementation="sdpa"
        ).eval()
        self.model.generation_config.eos_token_id = None

    def answer(self, requests):
        prompts, answers, steps = {}, {}, []
        # A static batch waits for its longest answer, and pads to its longest prompt.
        ordered = sorted(requests, key=lambda request: (request.completion_tokens // 25, len(str(request.messages))))
        for start in range(0, len(ordered), self.batch):
            batch = ordered[start : start + self.batch]
            inputs = self.inputs(batch)
            longest = max(request.completion_tokens for request in batch)
            clock = Clock([request.completion_tokens for request in batch])
            sampling = {"do_sample": True, "temperature": 1.0, "top_k": 0} if batch[0].temperature else {"do_sample": False}
            with torch.inference_mode():
                self.model.generate(
                    **inputs, max_new_tokens=longest, stopping_criteria=StoppingCriteriaList([clock]), **sampling
                )
            for request, tokens in zip(batch, inputs["attention_mask"].sum(1).tolist()):
                prompts[request.id] = int(tokens)
                answers[request.id] = min(request.completion_tokens, len(clock.times))
            steps += [after - before for before, after in zip(clock.times, clock.times[1:])]
        return prompts, answers, steps

    def inputs(self, batch):
        texts = [
            self.processor.apply_chat_template(
                request.messages, chat_template=self.template, tokenize=False, add_generation_prompt=True
            )
            for request in batch
        ]
        images = [image for request in batch for image in request.images()] or None
        videos = [video for request in batch for video in request.videos()] or None
        frames_as_they_are = {"videos": videos, "do_sample_frames": False} if videos else {}
        inputs = self.processor(text=texts, images=images, padding=True, return_tensors="pt", **frames_as_they_are)
        for name in ("pixel_values", "pixel_values_videos"):
            if name in inputs:
                inputs[name] = inputs[name].bfloat16()
        return inputs


def main():
    given = peer_requests.arguments(__doc__, batch=int)
    peer_requests.measure(given, Transformers(given.model, given.batch).answer)


if __name__ == "__main__":
    main()
