"""Answers the requests of make_requests.py with Hugging Face transformers and scores them by kind.

usage: evaluate.py CHECKPOINT REQUESTS [--dtype float32|bfloat16] [--misses]
"""
import argparse
import base64
import collections
import io
import json
import pathlib

import torch
from PIL import Image
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration, Qwen2VLImageProcessor, Qwen2VLVideoProcessor
from transformers.utils.chat_template_utils import render_jinja_template

DEFAULTS = 4 * 28 * 28, 1280 * 28 * 28


def load(folder, url):
    data = base64.b64decode(url.split(",", 1)[1]) if url.startswith("data:") else (folder / url).read_bytes()
    image = Image.open(io.BytesIO(data))
    return torch.frombuffer(bytearray(image.convert("RGB").tobytes()), dtype=torch.uint8).view(image.height, image.width, 3).permute(2, 0, 1)


def bounds(part, defaults):
    low, high = (part.get(n, part.get(n + "s", d)) for n, d in zip(("min_pixel", "max_pixel"), defaults))
    return {"shortest_edge": low, "longest_edge": high}


class Answerer:
    """Does what a request says: media to patches, template to ids, greedy decoding to text."""

    def __init__(self, checkpoint, dtype):
        self.model = Qwen2VLForConditionalGeneration.from_pretrained(checkpoint, dtype=dtype, attn_implementation="sdpa").eval()
        self.tokenizer = Tokenizer.from_file(str(checkpoint / "tokenizer.json"))
        self.template = json.loads((checkpoint / "chat_template.json").read_text())["chat_template"]
        self.images = Qwen2VLImageProcessor(**json.loads((checkpoint / "preprocessor_config.json").read_text()))
        self.videos = Qwen2VLVideoProcessor()

    @torch.no_grad()
    def answer(self, folder, body):
        prompt = render_jinja_template([body["messages"]], chat_template=self.template, add_generation_prompt=True)[0][0]
        stills, films = [], []
        for message in body["messages"]:
            for part in message["content"] if isinstance(message["content"], list) else []:
                if part["type"] == "image_url":
                    source = part["image_url"]
                    stills.append(self.images(images=[load(folder, source["url"])], size=bounds(source, DEFAULTS), return_tensors="pt"))
                elif part["type"] == "video":
                    frames = [load(folder, u) for u in part["video"]]
                    frames += frames[-1:] if len(frames) % 2 else []
                    films.append(self.videos(videos=[torch.stack(frames)], size=bounds(part, (128 * 784, 768 * 784)), do_sample_frames=False, return_tensors="pt"))
        media = {}
        for name, pad, found in (("pixel_values", "<|image_pad|>", stills), ("pixel_values_videos", "<|video_pad|>", films)):
            if found:
                grid = "image_grid_thw" if name == "pixel_values" else "video_grid_thw"
                media[name], media[grid] = (torch.cat([f[k] for f in found]) for k in (name, grid))
                pieces = prompt.split(pad)
                prompt = pieces[0] + "".join(pad * (int(g.prod()) // 4) + p for g, p in zip(media[grid], pieces[1:]))
        ids = torch.tensor([self.tokenizer.encode(prompt, add_special_tokens=False).ids])
        image, video = (self.tokenizer.token_to_id(t) for t in ("<|image_pad|>", "<|video_pad|>"))
        said = self.model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), mm_token_type_ids=(ids == image).int() + 2 * (ids == video).int(),
                                   max_new_tokens=body["max_completion_tokens"], do_sample=False, temperature=None, top_p=None, top_k=None, **media)
        return self.tokenizer.decode(said[0, ids.shape[1]:].tolist(), skip_special_tokens=True)


def with_published_parts(body):
    """The template knows Qwen's spelling of a video part, not OpenAI's."""
    def rewrite(part):
        return {"type": "video", "video": part["video_url"].pop("url"), **part["video_url"]} if part["type"] == "video_url" else part
    for message in body["messages"]:
        if isinstance(message["content"], list):
            message["content"] = [rewrite(part) for part in message["content"]]
    return body


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("requests", type=pathlib.Path)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    answerer = Answerer(args.checkpoint, getattr(torch, args.dtype))
    expected = {a["custom_id"]: a for a in map(json.loads, (args.requests / "answers.jsonl").open())}
    right, asked = collections.Counter(), collections.Counter()
    for line in (args.requests / "requests.jsonl").open():
        request = json.loads(line)
        wanted = expected[request["custom_id"]]
        if "answer" not in wanted:
            continue  # meant to be refused
        said = answerer.answer(args.requests, with_published_parts(request["body"]))
        media = "films" if request["custom_id"].startswith("film") else "text" if request["custom_id"].startswith("text") else "pictures"
        for key in (wanted["kind"], "= " + media, "= several turns" if wanted["turns"] > 1 else "= one turn"):
            asked[key] += 1
            right[key] += said == wanted["answer"]
        if args.misses and said != wanted["answer"]:
            print(f"{request['custom_id']}: {request['body']['messages'][-1]['content']}\n  expected {wanted['answer']}\n  found    {said}")
    for key in sorted(asked):
        print(f"{key:16} {right[key] / asked[key]:.3f} of {asked[key]}")


if __name__ == "__main__":
    main()
