"""What `src/bench/run engine` measures, by Hugging Face transformers with scaled_dot_product_attention on the same device.

    python3 transformers_engine.py --config CHECKPOINT/config.json --device cuda

The weights are random, of the dimensions that config.json has. Each figure is the best of the given number of rounds after
a first one that is not counted.
"""

import argparse
import inspect
import json
import time

import torch
import transformers


def timed(device, rounds, work):
    best = float("inf")
    for attempt in range(rounds + 1):
        synchronize(device)
        start = time.perf_counter()
        work()
        synchronize(device)
        if attempt > 0:
            best = min(best, time.perf_counter() - start)
    return best


def synchronize(device):
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def generate(model, new_tokens, **inputs):
    return model.generate(
        **inputs, max_new_tokens=new_tokens, min_new_tokens=new_tokens, do_sample=False, pad_token_id=0, eos_token_id=None
    )


def text(sequences, tokens, device):
    ids = torch.randint(10, 1000, (sequences, tokens), device=device)
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


def picture(config, sequences, device, dtype):
    """A picture of 980 x 980 in 100 text tokens, a request each."""
    grid = torch.tensor([[1, 70, 70]] * sequences, device=device)
    vision_tokens = 70 * 70 // 4
    ids = torch.randint(10, 1000, (sequences, 100 + vision_tokens), device=device)
    ids[:, 19] = config["vision_start_token_id"]
    ids[:, 20 : 20 + vision_tokens] = config["image_token_id"]
    ids[:, 20 + vision_tokens] = config["vision_end_token_id"]
    pixels = torch.randn(sequences * 70 * 70, 3 * 2 * 14 * 14, device=device, dtype=dtype)
    kinds = (ids == config["image_token_id"]).long()
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "pixel_values": pixels, "image_grid_thw": grid}
    return {**inputs, "mm_token_type_ids": kinds} if takes_token_types() else inputs


def takes_token_types():
    forward = transformers.Qwen2VLForConditionalGeneration.forward
    return "mm_token_type_ids" in inspect.signature(forward).parameters


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    device = arguments.device
    dtype = torch.bfloat16
    with open(arguments.config, encoding="utf-8") as file:
        given = json.load(file)
    given = {"image_token_id": 151655, "vision_start_token_id": 151652, "vision_end_token_id": 151653, **given}
    config = transformers.Qwen2VLConfig.from_dict(given)
    with torch.device(device):
        model = transformers.Qwen2VLForConditionalGeneration._from_config(config, dtype=dtype, attn_implementation="sdpa")
    model.eval()
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, bfloat16 on {device}")
    with torch.inference_mode():
        prefill = text(1, 2000, device)
        seconds = timed(device, arguments.rounds, lambda: generate(model, 1, **prefill))
        print(f"{'prefill, 2000 text tokens':58s} {2000 / seconds:8.0f} tokens/s")
        for sequences in (1, 8, 32):
            inputs = text(sequences, 64, device)
            first = timed(device, arguments.rounds, lambda: generate(model, 1, **inputs))
            seconds = timed(device, 1, lambda: generate(model, 128, **inputs)) - first
            rate = sequences * 127 / seconds
            print(f"{f'decode, {sequences} at once':58s} {rate:8.1f} tokens/s  {seconds / 127 * 1e3:5.1f} ms a step")
        for sequences in (2, 16) if device.startswith("cuda") else (2,):
            inputs = picture(given, sequences, device, dtype)
            seconds = timed(device, 1, lambda: generate(model, 32, **inputs)) / sequences
            print(f"{f'{sequences} requests: a picture of 980 x 980, 100 text tokens, 32 out':58s} {seconds:8.2f} s a request")


if __name__ == "__main__":
    main()
