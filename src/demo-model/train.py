"""Trains the model on the CPU; run again with the same arguments, it goes on from its last checkpoint.

usage: train.py OUT [--steps N] [--decay-from N] [--rate R] [--evaluate-every N] [--processes N]
"""
import argparse
import collections
import os
import pathlib
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import distributed, multiprocessing, nn

import batches
import model
import tokens

TRAINING, HELD_OUT = 11, 97  # first word of the seeds; the arrangements differ as well, see scenes.is_held_out
EARLY_ROWS = ["card"] * 15 + ["number"] * 2 + ["pair"] * 5 + ["film"] * 4 + ["text"] * 1
LATER_ROWS = ["card"] * 11 + ["number"] * 5 + ["pair"] * 6 + ["film"] * 4 + ["text"] * 1
EARLY_STEPS = 700  # single cards teach to look up; numbers and pairs come to what the tower sees by then
SHAPE_WEIGHTS = [0.2] + [1.0] * 5 + [3.0] * 10  # nothing, shapes, digits: cells are mostly empty, digits are rare
TEST_ROWS = ["card"] * 20 + ["number"] * 6 + ["pair"] * 10 + ["film"] * 10
WARM_UP = 100


class Muon:
    """Momentum whose matrices are made orthogonal by Newton-Schulz; equal shapes are stacked into one multiplication."""

    def __init__(self, parameters):
        groups = collections.defaultdict(list)
        for p in parameters:
            groups[p.shape[0], p[0].numel()].append(p)
        self.groups = list(groups.values())
        self.momenta = [torch.zeros(len(g), *shape) for shape, g in groups.items()]

    @torch.no_grad()
    def step(self, rate, decay):
        for group, momentum in zip(self.groups, self.momenta):
            grad = torch.stack([p.grad.flatten(1) for p in group])
            momentum.lerp_(grad, 0.05)
            x = grad.lerp(momentum, 0.95)
            rows, columns = x.shape[1:]
            x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
            x = x.mT if rows > columns else x
            for _ in range(5):
                a = x @ x.mT
                x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
            x = (x.mT if rows > columns else x).float() * (0.2 * max(rows, columns) ** 0.5)
            for p, update in zip(group, x):
                p.mul_(1 - rate * decay).sub_(update.view_as(p), alpha=rate)


class Probes(nn.Module):
    """Read shape, colour and way from the vision rows while training, so that the tower learns to see before the rest learns to talk."""

    def __init__(self):
        super().__init__()
        self.shape, self.colour, self.place, self.way = (nn.Linear(model.HIDDEN, n) for n in (16, 9, 9, 5))

    def loss(self, vision, batch):
        cells = batch.cells.flatten(0, 1)
        rows = F.rms_norm(vision.flatten(0, 1), (model.HIDDEN,))
        places = torch.arange(9).repeat(len(vision))
        loss = F.cross_entropy(self.shape(rows), cells[:, 0], torch.tensor(SHAPE_WEIGHTS), ignore_index=batches.IGNORED) + F.cross_entropy(self.place(rows), places)
        loss = loss + F.cross_entropy(self.colour(rows), cells[:, 1], ignore_index=batches.IGNORED)
        if (batch.ways >= 0).any():
            loss = loss + F.cross_entropy(self.way(F.rms_norm(vision.mean(1), (model.HIDDEN,))), batch.ways, ignore_index=batches.IGNORED)
        return loss


class Pointer:
    """Teaches one head to look at the cell that the assistant is about to speak of: looking up is what is learned last without it."""

    def __init__(self, batch):
        self.batch = batch

    def look(self, queries, keys):
        scores = (keys[self.batch.pointer_cells] * queries[self.batch.pointer_at, None]).sum(-1) * queries.shape[-1] ** -0.5
        self.loss = F.cross_entropy(scores.masked_fill(~self.batch.pointer_valid, -1e4), self.batch.pointer_to)


def rate_at(step, args):
    if step < WARM_UP:
        return args.rate * (step + 1) / WARM_UP
    if step < args.decay_from:
        return args.rate
    return args.rate * max(0.02, (args.steps - step) / (args.steps - args.decay_from))


@torch.no_grad()
def evaluate(net, writer, count, seed):
    """Share of answers of which every token is the most likely one after the right ones before it: what greedy decoding gives."""
    right, asked = collections.Counter(), collections.Counter()
    for i in range(count):
        batch = writer.batch(np.random.default_rng([HELD_OUT, seed, i]), TEST_ROWS, chains=0)
        with torch.autocast("cpu", torch.bfloat16):
            logits, _ = net(batch)
        hit = logits.argmax(-1) == batch.targets
        for kind, first, end in batch.answers:
            asked[kind] += 1
            right[kind] += bool(hit[first:end].all())
    return {kind: (right[kind] / asked[kind], asked[kind]) for kind in sorted(asked)}


def share_gradients(parameters):
    """The mean over the processes; a probe that saw nothing in one of them counts as zero there."""
    flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in parameters])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    for p, part in zip(parameters, flat.split([p.numel() for p in parameters])):
        p.grad = part.view_as(p)


def train(process, args):
    torch.set_num_threads(1)
    torch.manual_seed(TRAINING)
    distributed.init_process_group("gloo", f"file://{args.meeting}", rank=process, world_size=args.processes)
    conversation = tokens.Conversation(Tokenizer.from_file(str(args.out / "tokenizer.json")))
    writer, test_writer = batches.Writer(conversation, False), batches.Writer(conversation, True)
    net, probes = model.TinyQwen2Vl(tokens.VOCABULARY), Probes()
    matrices = [p for n, p in net.named_parameters() if p.dim() > 1 and "embed_tokens" not in n]
    others = [p for n, p in net.named_parameters() if p.dim() == 1 or "embed_tokens" in n] + list(probes.parameters())
    muon, adam = Muon(matrices), torch.optim.AdamW(others, betas=(0.9, 0.98), weight_decay=0)
    step, saved = 0, args.out / "training.pt"
    if saved.exists():
        state = torch.load(saved)
        net.load_state_dict(state["net"]), probes.load_state_dict(state["probes"]), adam.load_state_dict(state["adam"])
        muon.momenta, step = state["muon"], state["step"]
    began, losses = time.time(), []
    while step < args.steps:
        rows = EARLY_ROWS if step < EARLY_STEPS else LATER_ROWS
        batch = writer.batch(np.random.default_rng([TRAINING, step, process]), rows[process::args.processes])
        with torch.autocast("cpu", torch.bfloat16):
            pointer = Pointer(batch)
            logits, vision = net(batch, pointer)
        talk = F.cross_entropy(logits, batch.targets)
        sight = probes.loss(vision, batch)
        (talk + 0.2 * sight + 0.2 * pointer.loss).backward()
        share_gradients(matrices + others)
        nn.utils.clip_grad_norm_(others, 1.0)
        rate = rate_at(step, args)
        for group in adam.param_groups:
            group["lr"] = rate
        adam.step()
        muon.step(rate, 0.05)
        net.zero_grad(), probes.zero_grad()
        step += 1
        losses.append((talk.item(), sight.item(), pointer.loss.item()))
        if process > 0:
            continue
        if step % 20 == 0:
            talk, sight, look = np.mean(losses[-20:], 0)
            print(f"step {step} talk {talk:.4f} sight {sight:.3f} look {look:.3f} rate {rate:.5f} {(time.time() - began) / len(losses):.2f} s a step", time.strftime("%H:%M:%S"), flush=True)
        if step % args.save_every == 0 or step == args.steps:
            torch.save(dict(net=net.state_dict(), probes=probes.state_dict(), adam=adam.state_dict(), muon=muon.momenta, step=step), str(saved) + ".new")
            os.replace(str(saved) + ".new", saved)
        if step % args.evaluate_every == 0 or step == args.steps:
            scores = evaluate(net, test_writer, 3, 0)
            right = sum(s * n for s, n in scores.values()) / sum(n for _, n in scores.values())
            print(f"held out after {step}: {right:.4f} " + " ".join(f"{k} {s:.3f}/{n}" for k, (s, n) in scores.items()), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=2100)
    parser.add_argument("--decay-from", type=int, default=1350)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--save-every", type=int, default=50)
    parser.add_argument("--evaluate-every", type=int, default=300)
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if not (args.out / "tokenizer.json").exists():
        tokens.build().save(str(args.out / "tokenizer.json"))
    # processes with one thread each meet once a step; threads would meet in every operator, which is slow on a busy machine
    with tempfile.TemporaryDirectory() as folder:
        args.meeting = folder + "/meeting"
        multiprocessing.spawn(train, (args,), args.processes)


if __name__ == "__main__":
    main()
