"""Records what Hugging Face transformers computes for a small random Qwen2-VL checkpoint.

usage: make_reference.py OUT [--shape NAME] [--seed N]

OUT/checkpoint is a folder as published, OUT/expected holds a JSON and a safetensors file for each prompt. The one in
src/test/resources/reference was made with the defaults, torch 2.10.0 and transformers 5.23.0, the one in
reference-patch-16 with --shape patch-16, torch 2.11.0 and transformers 5.24.0.
"""

import argparse
import json
import math
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

# The last six ids of a vocabulary are special.
SPECIALS = ["eos", "vision_start", "vision_end", "vision_pad", "image", "video"]
PUBLISHED = dict(patch=14, temporal=2, merge=2)
SHAPES = {
    "small": dict(hidden=96, layers=3, heads=3, kv=1, inter=224, section=[4, 6, 6], vocab=512, tied=True,
                  vit=80, vdepth=2, vheads=5, ratio=2, dtype=torch.bfloat16, shard="400KB", **PUBLISHED),
    "wide": dict(hidden=256, layers=2, heads=2, kv=2, inter=384, section=[16, 24, 24], vocab=700, tied=False,
                 vit=128, vdepth=2, vheads=2, ratio=4, dtype=torch.float32, shard="2MB", **PUBLISHED),
    # Few prompts, because the patches are many bytes.
    "patch-16": dict(hidden=64, layers=2, heads=2, kv=1, inter=96, section=[4, 6, 6], vocab=128, tied=True, vit=16,
                     vdepth=1, vheads=2, ratio=2, dtype=torch.bfloat16, shard="2MB", patch=16, temporal=1, merge=3,
                     cases=["text", "image-and-video"]),
    # make_quantized.py's, of sides that hold whole groups of 32.
    "gptq": dict(hidden=64, layers=2, heads=2, kv=1, inter=96, section=[4, 6, 6], vocab=128, tied=True, vit=16,
                 vdepth=1, vheads=2, ratio=2, dtype=torch.bfloat16, shard="2MB", cases=["text", "image"], **PUBLISHED),
}
# name: what stands in the prompt, in order: a number of text tokens, an image (h, w), or a video (t, h, w), the sides in
# tokens
CASES = {
    "text": [21],
    "image": [5, (2, 3), 9],
    "two-images": [3, (3, 2), 7, (1, 4), 12],
    "video": [4, (2, 2, 3), 6],
    "image-and-video": [6, (2, 2), 2, (3, 3, 1), 30],
}
CLIP_MEAN, CLIP_STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


def configuration(shape, ids):
    text = dict(vocab_size=shape["vocab"], hidden_size=shape["hidden"], intermediate_size=shape["inter"],
                num_hidden_layers=shape["layers"], num_attention_heads=shape["heads"],
                num_key_value_heads=shape["kv"], max_position_embeddings=4096, rms_norm_eps=1e-6,
                hidden_act="silu", tie_word_embeddings=shape["tied"], bos_token_id=ids["eos"],
                eos_token_id=ids["eos"], pad_token_id=ids["eos"],
                rope_parameters=dict(rope_type="default", rope_theta=1e6, mrope_section=shape["section"]))
    vision = dict(depth=shape["vdepth"], embed_dim=shape["vit"], hidden_size=shape["hidden"],
                  num_heads=shape["vheads"], mlp_ratio=shape["ratio"], patch_size=shape["patch"],
                  temporal_patch_size=shape["temporal"], spatial_merge_size=shape["merge"], in_channels=3)
    return Qwen2VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=shape["tied"],
                         image_token_id=ids["image"], video_token_id=ids["video"],
                         vision_start_token_id=ids["vision_start"], vision_end_token_id=ids["vision_end"])


def randomize(model, seed):
    """Weights of a size that keeps activations, and so every part's influence, of order one."""
    with torch.no_grad():
        for number, (name, weight) in enumerate(model.named_parameters()):
            noise = torch.randn(weight.shape, generator=torch.Generator().manual_seed(seed * 7919 + number))
            if weight.dim() > 1:
                scale = 1 if "embed_tokens" in name else 1.6 / math.sqrt(weight[0].numel())
                weight.copy_(noise * scale)
            elif name.endswith("weight"):
                weight.copy_(1 + 0.1 * noise)
            else:
                weight.copy_(0.1 * noise)


def publish(folder, shape, ids):
    """Rewrites config.json, and adds preprocessor_config.json, in the form of the published repositories."""
    nested = json.loads((folder / "config.json").read_text())
    text, vision = nested["text_config"], nested["vision_config"]
    flat = {key: text[key] for key in (
        "hidden_act", "hidden_size", "intermediate_size", "max_position_embeddings", "num_attention_heads",
        "num_hidden_layers", "num_key_value_heads", "rms_norm_eps", "vocab_size", "bos_token_id", "eos_token_id")}
    flat.update(
        architectures=["Qwen2VLForConditionalGeneration"], model_type="qwen2_vl", rope_theta=1e6, sliding_window=4096,
        use_sliding_window=False, max_window_layers=shape["layers"], tie_word_embeddings=shape["tied"],
        torch_dtype=str(shape["dtype"]).removeprefix("torch."), vision_start_token_id=ids["vision_start"],
        vision_end_token_id=ids["vision_end"], vision_token_id=ids["vision_pad"], image_token_id=ids["image"],
        video_token_id=ids["video"], rope_scaling=dict(type="mrope", mrope_section=shape["section"]),
        vision_config=dict(depth=vision["depth"], embed_dim=vision["embed_dim"], mlp_ratio=vision["mlp_ratio"],
                           num_heads=vision["num_heads"], in_chans=3, hidden_size=vision["hidden_size"],
                           patch_size=shape["patch"], spatial_merge_size=shape["merge"],
                           spatial_patch_size=shape["patch"], temporal_patch_size=shape["temporal"]))
    (folder / "config.json").write_text(json.dumps(flat, indent=2) + "\n")
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "preprocessor_config.json").write_text(json.dumps(
        dict(min_pixels=3136, max_pixels=1003520, patch_size=shape["patch"], temporal_patch_size=shape["temporal"],
             merge_size=shape["merge"], image_mean=CLIP_MEAN, image_std=CLIP_STD), indent=2) + "\n")


def normalized(patches):
    """[patches, channels x temporal x height x width] of bytes, as the image processor scales them."""
    mean, std = (torch.tensor(values).view(1, 3, 1) * 255 for values in (CLIP_MEAN, CLIP_STD))
    return ((patches.view(len(patches), 3, -1).float() - mean) / std).view(patches.shape)


def prompt(parts, shape, ids, generator):
    """Token ids, patches and grids of images, patches and grids of videos."""
    tokens, patches, grids = [], {"image": [], "video": []}, {"image": [], "video": []}
    for part in parts:
        if isinstance(part, int):
            tokens += torch.randint(shape["vocab"] - len(SPECIALS), (part,), generator=generator).tolist()
            continue
        kind, (t, rows, columns) = ("video", part) if len(part) == 3 else ("image", (1, *part))
        grid = (t, rows * shape["merge"], columns * shape["merge"])
        tokens += [ids["vision_start"]] + [ids[kind]] * (t * rows * columns) + [ids["vision_end"]]
        grids[kind].append(list(grid))
        patch_bytes = 3 * shape["temporal"] * shape["patch"] ** 2
        patches[kind].append(torch.randint(256, (math.prod(grid), patch_bytes), generator=generator, dtype=torch.uint8))
    return tokens, patches, grids


def record(model, name, parts, shape, ids, out, generator):
    tokens, patches, grids = prompt(parts, shape, ids, generator)
    inputs = torch.tensor([tokens])
    kinds = torch.zeros_like(inputs)
    arguments, tensors, thw = {}, {}, {}
    for number, (kind, pixels, embeds, stored) in enumerate((
            ("image", "pixel_values", "image_embeds", "patches"),
            ("video", "pixel_values_videos", "video_embeds", "video_patches")), start=1):
        kinds[inputs == ids[kind]] = number
        thw[kind] = torch.tensor(grids[kind]) if grids[kind] else None
        if grids[kind]:
            tensors[stored] = torch.cat(patches[kind])
            arguments[pixels] = normalized(tensors[stored])
            arguments[f"{kind}_grid_thw"] = thw[kind]
            features = getattr(model.model, f"get_{kind}_features")(arguments[pixels], thw[kind])
            tensors[embeds] = torch.cat(list(features.pooler_output)).contiguous()
    mask = torch.ones_like(inputs)
    positions, delta = model.model.get_rope_index(inputs, kinds, thw["image"], thw["video"], mask)
    arguments.update(input_ids=inputs, attention_mask=mask, mm_token_type_ids=kinds)
    tensors["last_logits"] = model(**arguments).logits[0, -1].contiguous()
    generated = model.generate(**arguments, max_new_tokens=24, do_sample=False, output_scores=True,
                               return_dict_in_generate=True)
    new = generated.sequences[0, len(tokens):].tolist()
    best = [score[0].topk(2).values for score in generated.scores]
    # Kept up to the first near tie, which rounding may decide either way.
    safe = next((i for i, top in enumerate(best) if top[0] - top[1] < 5e-3), len(new))
    logprobs = [float(torch.log_softmax(score[0], -1)[token]) for score, token in zip(generated.scores, new)]
    save_file(tensors, out / f"{name}.safetensors")
    (out / f"{name}.json").write_text(json.dumps(dict(
        input_ids=tokens, image_grid_thw=grids["image"], video_grid_thw=grids["video"],
        position_ids=positions[:, 0].tolist(), rope_delta=int(delta), greedy_ids=new[:safe],
        greedy_logprobs=logprobs[:safe])) + "\n")
    print(name, len(tokens), "tokens, greedy", safe, "of", len(new))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--shape", choices=SHAPES, default="small")
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    shape = SHAPES[arguments.shape]
    ids = {name: shape["vocab"] - len(SPECIALS) + i for i, name in enumerate(SPECIALS)}
    shutil.rmtree(arguments.out, ignore_errors=True)
    checkpoint, expected = arguments.out / "checkpoint", arguments.out / "expected"
    expected.mkdir(parents=True)
    model = Qwen2VLForConditionalGeneration(configuration(shape, ids))
    randomize(model, arguments.seed)
    model.to(shape["dtype"]).save_pretrained(checkpoint, max_shard_size=shape["shard"])
    # Read back as a user would: the stored weights, computed in float32.
    model = Qwen2VLForConditionalGeneration.from_pretrained(
        checkpoint, dtype=torch.float32, attn_implementation="eager").eval()
    if shape["tied"]:
        publish(checkpoint, shape, ids)
    else:  # as transformers wrote it
        (checkpoint / "processor_config.json").write_text(
            json.dumps(dict(image_processor=dict(image_mean=CLIP_MEAN, image_std=CLIP_STD)), indent=2) + "\n")
    generator = torch.Generator().manual_seed(arguments.seed)
    with torch.no_grad():
        for name in shape.get("cases", CASES):
            record(model, name, CASES[name], shape, ids, expected, generator)


if __name__ == "__main__":
    main()
