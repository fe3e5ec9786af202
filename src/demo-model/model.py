"""Qwen2-VL for training: the parameters have the published names, the vision units are alike, many questions share a picture.

transformers' class computes the same from the same weights (export.py checks it); this one is quicker because every
vision unit is one 84 x 84 slice and because matrices are multiplied in bfloat16.
"""
import torch
import torch.nn.functional as F
from torch import nn

HIDDEN, LAYERS, HEADS, KV_HEADS, INTERMEDIATE = 192, 5, 6, 2, 512
SECTION, THETA, EPSILON = (4, 6, 6), 10000.0, 1e-6
WIDTH, DEPTH, VISION_HEADS, RATIO = 160, 4, 5, 3
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
HEAD = HIDDEN // HEADS


POINTER_LAYER = 2  # whose first head is taught where to look


def patches(pairs):
    """uint8 [units, 2 frames, 84, 84, 3] to uint8 [units, 36, 1176] in the published order."""
    x = pairs.reshape(-1, 2, 3, 2, 14, 3, 2, 14, 3)  # [units, frame, row, in block, y, column, in block, x, channel]
    return x.transpose(0, 2, 5, 3, 6, 8, 1, 4, 7).reshape(-1, 36, 1176)


def normalised(rows):
    mean, std = (torch.tensor(v).repeat_interleave(2 * 14 * 14) * 255 for v in (MEAN, STD))
    return (rows.float() - mean) / std


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat((-b, a), -1) * sin


class VisionAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x, cos, sin):
        units, n, _ = x.shape
        q, k, v = self.qkv(x).view(units, n, 3, VISION_HEADS, -1).permute(2, 0, 3, 1, 4).float()
        y = F.scaled_dot_product_attention(rotate(q, cos, sin), rotate(k, cos, sin), v)
        return self.proj(y.transpose(1, 2).reshape(units, n, WIDTH))


class VisionBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, EPSILON), nn.LayerNorm(WIDTH, EPSILON)
        self.attn = VisionAttention()
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(WIDTH, RATIO * WIDTH), "fc2": nn.Linear(RATIO * WIDTH, WIDTH)})

    def forward(self, x, cos, sin):
        x = x + self.attn(self.norm1(x), cos, sin)
        h = self.mlp.fc1(self.norm2(x))
        return x + self.mlp.fc2(h * torch.sigmoid(1.702 * h))


class Visual(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv3d(3, WIDTH, (2, 14, 14), (2, 14, 14), bias=False)})
        self.blocks = nn.ModuleList(VisionBlock() for _ in range(DEPTH))
        self.merger = nn.ModuleDict({"ln_q": nn.LayerNorm(WIDTH, EPSILON),
                                     "mlp": nn.Sequential(nn.Linear(4 * WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, HIDDEN))})
        head = WIDTH // VISION_HEADS
        rates = 1 / 10000 ** (torch.arange(0, head // 2, 2).float() / (head // 2))
        rows, columns = (c.reshape(3, 2, 3, 2).permute(0, 2, 1, 3).reshape(-1) for c in torch.meshgrid(torch.arange(6), torch.arange(6), indexing="ij"))
        angle = torch.cat((rows[:, None] * rates, columns[:, None] * rates), -1).repeat(1, 2)
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)

    def forward(self, x):
        x = F.linear(x, self.patch_embed.proj.weight.flatten(1)).float()
        for block in self.blocks:
            x = block(x, self.cos, self.sin)
        return self.merger.mlp(self.merger.ln_q(x).view(x.shape[0], 9, 4 * WIDTH)).float()  # [units, 9, HIDDEN]


class RmsNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(HIDDEN))

    def forward(self, x):
        return F.rms_norm(x, (HIDDEN,), self.weight, EPSILON)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj, self.o_proj = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN, bias=False)
        self.k_proj, self.v_proj = (nn.Linear(HIDDEN, KV_HEADS * HEAD) for _ in range(2))

    def forward(self, x, cos, sin, mask, pointer=None):
        rows, n, _ = x.shape
        q, k, v = (p(x).float().view(rows, n, -1, HEAD).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        if pointer:
            pointer.look(q[:, 0].flatten(0, 1), k[:, 0].flatten(0, 1))
        k, v = (t.repeat_interleave(HEADS // KV_HEADS, 1) for t in (k, v))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.o_proj(y.transpose(1, 2).reshape(rows, n, HIDDEN))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm, self.self_attn = RmsNorm(), RmsNorm(), Attention()
        self.mlp = nn.ModuleDict({"gate_proj": nn.Linear(HIDDEN, INTERMEDIATE, bias=False), "up_proj": nn.Linear(HIDDEN, INTERMEDIATE, bias=False),
                                  "down_proj": nn.Linear(INTERMEDIATE, HIDDEN, bias=False)})

    def forward(self, x, cos, sin, mask, pointer=None):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask, pointer)
        h = self.post_attention_layernorm(x)
        return x + self.mlp.down_proj(F.silu(self.mlp.gate_proj(h)) * self.mlp.up_proj(h))


class TinyQwen2Vl(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.visual = Visual()
        self.model = nn.ModuleDict({"embed_tokens": nn.Embedding(vocabulary, HIDDEN),
                                    "layers": nn.ModuleList(Layer() for _ in range(LAYERS)), "norm": RmsNorm()})
        rates = 1 / THETA ** (torch.arange(0, HEAD, 2).float() / HEAD)
        self.register_buffer("rates", rates, persistent=False)
        for name, p in self.named_parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.5 / p[0].numel() ** 0.5 if "embed_tokens" not in name else 0.05)
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def forward(self, batch, pointer=None):
        """Logits [spoken, vocabulary] where the assistant speaks, and the vision rows [units, 9, HIDDEN]."""
        vision = self.visual(normalised(batch.patches))
        x = self.model.embed_tokens(batch.ids).flatten(0, 1)
        x = x.index_copy(0, batch.vision_at, vision.flatten(0, 1)[batch.vision_from]).view(*batch.ids.shape, HIDDEN)
        axis = torch.repeat_interleave(torch.arange(3), torch.tensor(SECTION))  # which of t, h, w turns a frequency
        angle = batch.positions.float()[axis].permute(1, 2, 0) * self.rates  # [rows, tokens, HEAD / 2]
        angle = angle.repeat(1, 1, 2)[:, None]
        cos, sin = angle.cos(), angle.sin()
        for i, layer in enumerate(self.model.layers):
            x = layer(x, cos, sin, batch.mask, pointer if i == POINTER_LAYER else None)
        x = self.model.norm(x.flatten(0, 1)[batch.spoken_at])
        return F.linear(x, self.model.embed_tokens.weight).float(), vision
