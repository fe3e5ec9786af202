"""Makes answers and gold answers at random, a thousand for each metric, and writes what lmms-eval scores them.

python -m venv venv && venv/bin/pip install numpy sacrebleu loguru && venv/bin/pip install --no-deps lmms-eval==0.7.3
venv/bin/python score_answers.py ../resources/io/sparkvlm/job/metric/scores.jsonl.gz
"""

import gzip
import importlib.util
import json
import random
import sys
import types
from pathlib import Path

# The file of metrics registers them in one that imports every model; nothing is looked up there here.
registry = types.ModuleType("lmms_eval.api.registry")
registry.register_metric = registry.register_aggregation = lambda *_, **__: lambda function: function
sys.modules[registry.__name__] = registry
ROOT = Path(importlib.util.find_spec("lmms_eval").submodule_search_locations[0])


def module(path):
    """A file of lmms-eval, without the packages around it, which bring every model."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_")[:-3], ROOT / path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def package(name, **files):
    """Stands for a package of lmms-eval, with files of it under their names."""
    made = sys.modules[name] = types.ModuleType(name)
    for file, loaded in files.items():
        sys.modules[f"{name}.{file}"] = loaded
        setattr(made, file, loaded)
    return made


metrics = module("api/metrics.py")
chartqa = module("tasks/chartqa/utils.py")
mmmu = module("tasks/_task_utils/mmmu_mcq_utils.py")
task_utils = package(
    "lmms_eval.tasks._task_utils",
    file_utils=module("tasks/_task_utils/file_utils.py"),
    vqa_eval_metric=module("tasks/_task_utils/vqa_eval_metric.py"),
)
package("lmms_eval", tasks=package("lmms_eval.tasks", _task_utils=task_utils))
vqav2 = module("tasks/vqav2/utils.py")

ROWS = 1_000
random.seed(7)
WORDS = """red Green the a an none Two ten dont isn't it's left-hand U.S. 3.5 1,000 12% café straße ÉTÉ 東京 shape/circle
yes No (B) B. "quoted" twenty-five what? end. mr. 's Circle square O'Neil 20 0 -7""".split()
# What another language is likely to read otherwise: cases, spaces, marks, digits and letters beyond ASCII, units.
HARD_WORDS = """İstanbul ıI ΣΑΣ ΟΔΟΣ ﬁn ŉ ǅ cafe\u0301 CAFÉ 🙂 👩‍👩‍👧 𝔘 𐐀 ＡＢＣ １２ ٣٤ 三 ½ ² Ⅳ №5 5kg 12\u202fkm $1,200.50
€3.50 3€ 50% 50\u00a0% %5 1,234,567 1,23 1.234,5 3/4 10:30 2024-01-31 +5 -0 .5 5. 1e3 1E-2 0x10 1_000 nan inf ∞ −7 –7
«x» “x” x… x。 don’t couldnt've hes its' thats youre ain't a.m. p.m. No. e.g. 1.5.2 ,,,, ... ?! -- _ \u200b \ufeffx
seventeen ten zero NONE The AN state-of-the-art and/or [a] {b} <c> a=b c++ @me #1 ` ~ | ^ \\""".split()
SPACES = [" ", "  ", "\n", "\t", "\u00a0", "\u2003", "\u3000", "\r\n", "\x1f", "\x85"]


def text():
    joined = random.choice([" ", " ", " ", "  ", "\n", "\t", ", "]).join(random.choices(WORDS, k=random.randint(1, 4)))
    return random.choice(["", "", "", " "]) + joined + random.choice(["", "", ".", "!", " "])


def hard_text():
    kind = random.random()
    if kind < 0.08:
        return random.choice(["", " ", "\n", ".", "the", "%", ",", "()", "\u00a0"])
    words = random.choices(HARD_WORDS + WORDS, k=random.randint(60, 120) if kind < 0.09 else random.randint(1, 5))
    return random.choice(["", "", " ", "\u00a0"]) + random.choice(SPACES).join(words) + random.choice(["", "", ".", "\u3000"])


def any_text():
    return random.choice([text, hard_text])()


def damaged(right):
    """An answer near the gold one."""
    for _ in range(random.randint(0, 3)):
        place = random.randint(0, len(right))
        right = random.choice(
            [right[:place] + right[place + 1 :], right[:place] + random.choice("ab ,.") + right[place:], right.upper(), right.lower()]
        )
    return right


def number():
    value = random.choice([random.uniform(-2000, 2000), random.uniform(-1, 1), float(random.randint(-9, 9))])
    formats = ["{:.2f}", "{:.0f}", "{:.1f}%", "{:,.0f}", "{:e}", " {:.3f}", "+{:.1f}", "{:.0f}.", "{:.1f}%%", "{:.0f} %"]
    return random.choice(formats).format(value)


def hard_number():
    odd = """nan NaN inf -inf Infinity 1e999 -1e999 1e-999 0 0.0 -0 0% 1_000 1__0 _1 .5 5. . e5 1e 0x1A １２ ٣.٥ ½ −5 12\u00a0
    \u200b7 1,000 $5 5kg 3/4 50%% %50 5% 5\u00a0% +-5 ++5 1e3% 1d 1f 12L 0b1 true 007 1e+05""".split()
    return random.choice(["", "", " ", "\u2003"]) + random.choice(odd) + random.choice(["", "", " ", "\n"])


def near(value):
    """A number a few per cent beside another."""
    try:
        return random.choice(["{:.4f}", "{:.2f}%", "{:.1f}"]).format(float(value.strip("% ")) * random.uniform(0.92, 1.08))
    except ValueError:
        return value


def exact(answer, gold, _):
    return float(metrics.exact_match_hf_evaluate([answer], [gold[0]])["exact_match"])


def normalized(answer, gold, _):
    return float(
        metrics.exact_match_hf_evaluate([answer], [gold[0]], ignore_case=True, ignore_punctuation=True)["exact_match"]
    )


def anls(answer, gold, _):
    return float(metrics.anls(gold, [answer])["anls"])


def relaxed(answer, gold, _):
    return float(max(chartqa.relaxed_correctness(answer, right) for right in gold))


def choice(answer, gold, choices):
    index2ans, letters = mmmu.get_multi_choice_info(choices)
    drawn = mmmu.random.choice
    mmmu.random.choice = lambda _: None  # no answer is wrong, whatever would have been drawn
    try:
        return float(mmmu.parse_mmmu_multi_choice_response(answer, letters, index2ans) == gold[0])
    finally:
        mmmu.random.choice = drawn


def vqa(answer, gold, _):
    people = [{"answer_id": person, "answer": said} for person, said in enumerate(gold)]
    return float(vqav2.vqav2_process_results({"question_id": 0, "answers": people}, [answer])["exact_match"])


def row(score, answer, gold, choices=()):
    return {
        "metric": score.__name__,
        "answer": answer,
        "gold": gold,
        "choices": list(choices),
        "score": score(answer, gold, list(choices)),
    }


def choice_row():
    texts = ["a red circle", "the blue square", "none of these", "12", "DNA", "Paris", "İzmir", "ΟΔΟΣ", "AA", "(B)", "1,5 kg", "3/4"]
    choices = random.sample(texts, random.randint(2, 8))
    letter = random.choice("ABCDEFGHI"[: len(choices) + 1])
    said = random.choice(
        """{} {}. ({}) **{}** {}) [{}] a{}b {}: {}? '{}' （{}） <answer>{}</answer> ({}){} {}.{} {}\u00a0or \\boxed{{{}}}""".split()
        + ["The answer is {}.", "Answer: {}!", "{} because A is bad", "I think (A) or ({}) is it", "DNA {}", "it", "", " ", "{}\n", "A, B and {}"]
        + ["A B C {} and so on, but not D", "Both (C) and ({}), and never (B)", "A. or {}. perhaps", "{}, that is: " + random.choice(choices)]
    )
    if random.random() < 0.7:
        answer = said.replace("{}", letter)
    else:
        answer = "I would say that it is most likely " + " or ".join(random.choices(choices, k=random.randint(1, 3)))
    if random.random() < 0.1:
        answer += " " + hard_text()
    return row(choice, random.choice([answer, answer, answer.upper()]), [random.choice("ABCDE"[: len(choices)])], choices)


def matched_row(score):
    gold = any_text().replace("İ", "I")  # of which numpy cuts a letter off: in lower case it is two
    answer = damaged(gold) if random.random() < 0.7 else any_text().replace("İ", "I")
    return row(score, answer.strip(), [gold.strip()])


def anls_row():
    gold = [any_text() for _ in range(random.choice([1, 1, 2, 3, 10]))]
    return row(anls, damaged(random.choice(gold)) if random.random() < 0.8 else any_text(), gold)


def relaxed_row():
    kinds = [number, number, hard_number, any_text]
    gold = [random.choice(kinds)() for _ in range(random.choice([1, 1, 1, 3]))]
    right = random.choice(gold)
    return row(relaxed, random.choice([near(right), near(right), damaged(right), right, random.choice(kinds)()]), gold)


def vqa_row():
    people = random.choices([any_text() for _ in range(3)], k=random.choice([10, 10, 10, 1, 3]))
    return row(vqa, damaged(random.choice(people)), people)


def rows():
    for _ in range(ROWS):
        yield matched_row(exact)
        yield matched_row(normalized)
        yield anls_row()
        yield choice_row()
        yield relaxed_row()
        yield vqa_row()


lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows())
Path(sys.argv[1]).write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))
