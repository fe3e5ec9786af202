"""Writes a trained model as a published Qwen2-VL repository lays it out, and checks that transformers computes the same from it.

usage: export.py TRAINED CHECKPOINT
"""
import argparse
import json
import pathlib
import shutil

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration

import batches
import model
import tokens

# the published sizes: 4 and 1280 squares of 28 pixels
MIN_PIXELS, MAX_PIXELS = 4 * 28 * 28, 1280 * 28 * 28


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_configuration(out, talk):
    write_json(out / "config.json", {
        "architectures": ["Qwen2VLForConditionalGeneration"], "attention_dropout": 0.0, "bos_token_id": talk.pad, "eos_token_id": talk.end,
        "vision_start_token_id": talk.vision_start, "vision_end_token_id": talk.vision_end,
        "vision_token_id": talk.tokenizer.token_to_id("<|vision_pad|>"), "image_token_id": talk.image, "video_token_id": talk.video,
        "hidden_act": "silu", "hidden_size": model.HIDDEN, "initializer_range": 0.02, "intermediate_size": model.INTERMEDIATE,
        "max_position_embeddings": 4096, "max_window_layers": model.LAYERS, "model_type": "qwen2_vl", "num_attention_heads": model.HEADS,
        "num_hidden_layers": model.LAYERS, "num_key_value_heads": model.KV_HEADS, "rms_norm_eps": model.EPSILON, "rope_theta": model.THETA,
        "sliding_window": 4096, "tie_word_embeddings": True, "torch_dtype": "bfloat16", "transformers_version": "4.41.2",
        "use_cache": True, "use_sliding_window": False,
        "vision_config": {"depth": model.DEPTH, "embed_dim": model.WIDTH, "mlp_ratio": model.RATIO, "num_heads": model.VISION_HEADS, "in_chans": 3,
                          "hidden_size": model.HIDDEN, "patch_size": 14, "spatial_merge_size": 2, "spatial_patch_size": 14, "temporal_patch_size": 2},
        "rope_scaling": {"type": "mrope", "mrope_section": list(model.SECTION)}, "vocab_size": tokens.VOCABULARY})
    write_json(out / "generation_config.json", {
        "bos_token_id": talk.pad, "pad_token_id": talk.pad, "do_sample": True, "eos_token_id": [talk.end, talk.pad],
        "repetition_penalty": 1.0, "temperature": 0.01, "top_p": 0.001, "top_k": 1, "transformers_version": "4.37.0"})
    write_json(out / "preprocessor_config.json", {
        "min_pixels": MIN_PIXELS, "max_pixels": MAX_PIXELS, "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2,
        "image_mean": model.MEAN, "image_std": model.STD, "image_processor_type": "Qwen2VLImageProcessor", "processor_class": "Qwen2VLProcessor"})
    write_json(out / "chat_template.json", {"chat_template": tokens.TEMPLATE})
    write_json(out / "tokenizer_config.json", {
        "add_prefix_space": False, "added_tokens_decoder": {
            str(talk.tokenizer.token_to_id(t)): {"content": t, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
            for t in tokens.SPECIALS},
        "additional_special_tokens": list(tokens.SPECIALS[1:]), "bos_token": None, "chat_template": tokens.TEMPLATE, "clean_up_tokenization_spaces": False,
        "eos_token": "<|im_end|>", "errors": "replace", "model_max_length": 4096, "pad_token": "<|endoftext|>", "split_special_tokens": False,
        "tokenizer_class": "PreTrainedTokenizerFast", "unk_token": None})


@torch.no_grad()
def largest_difference(out, net, talk):
    """Between this package's logits and transformers' for one question a row, as a share of the largest logit."""
    theirs = Qwen2VLForConditionalGeneration.from_pretrained(out, dtype=torch.float32, attn_implementation="eager").eval()
    worst = 0.0
    for seed, kind in enumerate(["card", "number", "pair", "film", "text"] * 3):
        batch = batches.Writer(talk, True).batch(np.random.default_rng([5, seed]), [kind, "card"], chains=0)
        ours = net(batch)[0]
        spoken = batch.answers[0][2]  # tokens of the first answer
        end = int(batch.spoken_at[spoken - 1]) + 2
        ids = batch.ids[:1, :end]
        pad = talk.video if kind == "film" else talk.image
        units = int((ids == pad).sum()) // 9
        types = (ids == talk.image).int() + 2 * (ids == talk.video).int()
        pixels = model.normalised(batch.patches[:units]).flatten(0, 1)
        media = {}
        if kind == "film":
            media = dict(pixel_values_videos=pixels, video_grid_thw=torch.tensor([[units, 6, 6]]))
        elif units:
            media = dict(pixel_values=pixels, image_grid_thw=torch.tensor([[1, 6, 6]] * units))
        logits = theirs(input_ids=ids, attention_mask=torch.ones_like(ids), mm_token_type_ids=types, **media).logits[0]
        logits = logits[batch.spoken_at[:spoken]]
        worst = max(worst, float((logits - ours[:spoken]).abs().max() / logits.abs().max()))
    return worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("trained", type=pathlib.Path)
    parser.add_argument("checkpoint", type=pathlib.Path)
    args = parser.parse_args()
    args.checkpoint.mkdir(parents=True, exist_ok=True)
    net = model.TinyQwen2Vl(tokens.VOCABULARY)
    net.load_state_dict(torch.load(args.trained / "training.pt")["net"])
    for p in net.parameters():
        p.data = p.data.bfloat16().float()  # what is stored
    talk = tokens.Conversation(Tokenizer.from_file(str(args.trained / "tokenizer.json")))
    save_file({n: p.detach().bfloat16().contiguous() for n, p in net.named_parameters()}, args.checkpoint / "model.safetensors", metadata={"format": "pt"})
    shutil.copy(args.trained / "tokenizer.json", args.checkpoint / "tokenizer.json")
    write_configuration(args.checkpoint, talk)
    difference = largest_difference(args.checkpoint, net, talk)
    size = sum(f.stat().st_size for f in args.checkpoint.iterdir())
    print(f"{size} bytes; logits differ from transformers' by {difference:.1e} of the largest")
    assert difference < 1e-4


if __name__ == "__main__":
    main()
