"""Prompts with the ids that Hugging Face's tokenizers give them: what the bench's prompts command compares with.

usage: prompt_ids.py TOKENIZER_FOLDER COUNT FILE_OR_FOLDER... > EXPECTED   (needs tokenizers)

A line a prompt: {"text": what the user writes, "ids": of the whole prompt}. The texts are pieces of the given files, of
several alphabets, numbers, code, emoji and runs of white space, put together by a seeded generator; none holds a special
token, so that the tokenizer of the whole prompt finds no other than the template's.
"""
import json
import pathlib
import random
import sys
import unicodedata

from tokenizers import Tokenizer

SYSTEM = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
RANDOM = random.Random(10)
SENTENCES = """The quick brown fox jumps over the lazy dog.|Don't you think it's we'll they've I'd?|Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.|Voix ambiguë d'un cœur qui, au zéphyr, préfère les jattes de kiwis.|El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia.|Съешь же ещё этих мягких французских булок, да выпей чаю.|Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.|דג סקרן שט בים מאוכזב|نص حكيم له سر قاطع وذو شأن عظيم|ऋषियों को सताने वाले दुष्ट राक्षसों|আমি কাঁচ খেতে পারি|เป็นมนุษย์สุดประเสริฐเลิศคุณค่า|いろはにほへと ちりぬるを 色は匂へど|天地玄黃 宇宙洪荒 日月盈昃|다람쥐 헌 쳇바퀴에 타고파|Tôi có thể ăn thủy tinh mà không hại gì.|ᚠᛇᚻ᛫ᛒᛦᚦ᛫ᚠᚱᚩᚠᚢᚱ|⠍⠊⠇⠑⠎|for (int i = 0; i < n; i++) {\n\t\tsum += a[i]; // café\n\t}|def f(x):\n    return {**x, 'k': [1, 2.5e-3]}|SELECT * FROM t WHERE a='b''c';|<div class=\"x\">&nbsp;</div>|https://example.com/a?b=c&d=%20#e|1234567890 3.14159 1,000,000 0x7F ½ ² Ⅷ ٣٤٥|👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇩🇪😀|<tool_call>{\"name\": \"f\"}</tool_call>|\u200b\u200d\ufeff\u00ad\u2028\u0085|A\u030a\u0301e\u0323\u0302 ﬁ ﷺ Å ℵ|𝕳𝖊𝖑𝖑𝖔 𝓦𝓸𝓻𝓵𝓭 𠜎𠜱|Pneumonoultramicroscopicsilicovolcanoconiosis""".split("|")
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\n\n\n", "\u00a0", "\u3000", " \n ", " " * 17, "\t\t    "]


def words(arguments):
    texts = []
    for argument in arguments:
        path = pathlib.Path(argument)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                texts += [line for line in file.read_text("utf-8", "ignore").split("\n") if line.strip()]
    return texts


def any_characters():
    low, high = RANDOM.choice([(0x20, 0x7F), (0xA0, 0x250), (0x370, 0x600), (0x900, 0xE00), (0x2000, 0x2C00),
                               (0x3040, 0xA000), (0xAC00, 0xD7A4), (0x1F300, 0x1FB00), (0x20, 0xD800), (0x300, 0x370)])
    return "".join(chr(RANDOM.randrange(low, high)) for _ in range(RANDOM.randrange(1, 12)))


def text(lines):
    parts = []
    for _ in range(RANDOM.randrange(1, 10)):
        kind = RANDOM.random()
        if kind < 0.4:
            parts.append(RANDOM.choice(SENTENCES))
        elif kind < 0.6 and lines:
            parts.append(RANDOM.choice(lines)[:2000])
        elif kind < 0.8:
            parts.append(any_characters())
        else:
            parts.append(RANDOM.choice(SPACES) * RANDOM.randrange(1, 5))
        if RANDOM.random() < 0.5:
            parts.append(RANDOM.choice(SPACES))
    made = "".join(parts)
    form = RANDOM.choice([None, None, "NFC", "NFD", "NFKD"])
    if form:
        made = unicodedata.normalize(form, made)
    return made[RANDOM.randrange(3):]


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    special = [t["content"] for t in json.loads((folder / "tokenizer.json").read_text())["added_tokens"] if t["special"]]
    lines = words(sys.argv[3:])
    written = 0
    while written < count:
        user = text(lines)
        if not any(token in user for token in special):
            prompt = SYSTEM + "<|im_start|>user\n" + user + "<|im_end|>\n<|im_start|>assistant\n"
            ids = tokenizer.encode(prompt, add_special_tokens=False).ids
            print(json.dumps({"text": user, "ids": ids}))
            written += 1


main()
