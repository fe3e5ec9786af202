"""The tokenizer, trained on the sentences that questions.py makes, and the chat template."""
import functools
import pathlib

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

import questions
import scenes

SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
            "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
            "<|image_pad|>", "<|video_pad|>")
PRETOKEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
VOCABULARY = 704  # rows of the embedding; the tokenizer may leave the last ones unused, as the published ones do
SYSTEM = "You are a helpful assistant."  # what the template puts in when a conversation has no system turn
SYSTEMS = (SYSTEM, "You answer in one short sentence.", "You look at pictures and answer questions about them.")
TEMPLATE = (pathlib.Path(__file__).parent / "chat_template.jinja").read_text()


def corpus():
    rng = np.random.default_rng(0)
    yield from ["system\n", "user\n", "assistant\n", *SYSTEMS] * 50
    for options, answer in questions.TALK:
        yield from [*options, answer] * 50
    yield from [questions.talk(rng)[2] for _ in range(400)]
    for i in range(6000):
        first, second = (scenes.random_card(rng, int(rng.integers(1, 3 if i % 3 else 6))) for _ in range(2))
        turns = [questions.about_card(rng, second), questions.about_pair(rng, first, second),
                 questions.about_card(rng, scenes.random_number(rng)), questions.about_film(rng, scenes.random_film(rng))]
        for _, question, answer in turns:
            yield question
            yield questions.as_typed(rng, (None, question, None))[1]
            yield answer


def build():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PRETOKEN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus(), trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(SPECIALS), initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False))
    tokenizer.add_special_tokens(list(SPECIALS))
    return tokenizer


class Conversation:
    """Token ids of a conversation's pieces, equal to those of the rendered template: control tokens separate the pieces."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.start, self.end = (tokenizer.token_to_id(t) for t in ("<|im_start|>", "<|im_end|>"))
        self.vision_start, self.vision_end = (tokenizer.token_to_id(t) for t in ("<|vision_start|>", "<|vision_end|>"))
        self.image, self.video = (tokenizer.token_to_id(t) for t in ("<|image_pad|>", "<|video_pad|>"))
        self.pad = tokenizer.token_to_id("<|endoftext|>")

    @functools.lru_cache(maxsize=200_000)
    def ids(self, text):
        return tuple(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def opening(self, system):
        """Up to the place where the user's content begins."""
        return [self.start, *self.ids("system\n" + system), self.end, *self.ids("\n"), self.start, *self.ids("user\n")]

    def asked(self, question, first):
        """A question up to the words where its media may follow: in the user's first turn, or in a new one."""
        return [*(() if first else (*self.ids("\n"), self.start, *self.ids("user\n"))), *self.ids(question)]

    def answering(self):
        """From the end of the question to where the assistant speaks."""
        return [self.end, *self.ids("\n"), self.start, *self.ids("assistant\n")]
