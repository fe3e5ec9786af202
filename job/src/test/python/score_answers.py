"""Makes answers and gold answers at random, and writes what lmms-eval scores them.

python -m venv venv && venv/bin/pip install numpy sacrebleu && venv/bin/pip install --no-deps lmms-eval==0.7.3
venv/bin/python score_answers.py ../resources/io/sparkvlm/job/metric/scores.jsonl
"""

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


metrics = module("api/metrics.py")
chartqa = module("tasks/chartqa/utils.py")
mmmu = module("tasks/_task_utils/mmmu_mcq_utils.py")
vqa = module("tasks/_task_utils/vqa_eval_metric.py").EvalAIAnswerProcessor()

random.seed(7)
WORDS = """red Green the a an none Two ten dont isn't it's left-hand U.S. 3.5 1,000 12% café straße ÉTÉ 東京 shape/circle
yes No (B) B. "quoted" twenty-five what? end. mr. 's Circle square O'Neil 20 0 -7""".split()


def text():
    joined = random.choice([" ", " ", " ", "  ", "\n", "\t", ", "]).join(random.choices(WORDS, k=random.randint(1, 4)))
    return random.choice(["", "", "", " "]) + joined + random.choice(["", "", ".", "!", " "])


def damaged(right):
    """An answer near the gold one."""
    for _ in range(random.randint(0, 3)):
        place = random.randint(0, len(right))
        right = random.choice(
            [right[:place] + right[place + 1 :], right[:place] + random.choice("ab ,.") + right[place:], right.upper(), right.lower()]
        )
    return right


def number():
    return random.choice(["{:.2f}", "{:.0f}", "{:.1f}%", "{:,.0f}", "{:e}", " {:.3f}"]).format(random.uniform(-2000, 2000))


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


def vqa_accuracy(answer, gold, _):
    """lmms_eval/tasks/vqav2/utils.py, vqav2_process_results; that file cannot be loaded by itself."""

    def processed(said):
        return vqa.process_digit_article(vqa.process_punctuation(said.replace("\n", " ").replace("\t", " ").strip()))

    people = [processed(said) for said in gold]
    given = processed(answer)
    accuracies = [min(1, sum(p == given for p in people[:i] + people[i + 1 :]) / 3) for i in range(len(people))]
    return sum(accuracies) / len(accuracies)


def row(score, answer, gold, choices=()):
    return {
        "metric": "vqa" if score is vqa_accuracy else score.__name__,
        "answer": answer,
        "gold": gold,
        "choices": list(choices),
        "score": score(answer, gold, list(choices)),
    }


def choice_row():
    choices = random.sample(["a red circle", "the blue square", "none of these", "12", "DNA", "Paris"], random.randint(2, 5))
    letter = random.choice("ABCDEF"[: len(choices) + 1])
    said = random.choice(
        ["{}", "{}.", "({})", "The answer is {}.", "Answer: {}!", "{} because A is bad", "I think (A) or ({}) is it", "DNA {}", "it"]
    )
    answer = said.format(letter) if random.random() < 0.7 else "I would say that it is most likely " + random.choice(choices)
    return row(choice, answer, [random.choice("ABCDE"[: len(choices)])], choices)


def rows():
    for _ in range(250):
        gold = [text() for _ in range(random.randint(1, 3))]
        answer = damaged(random.choice(gold)) if random.random() < 0.7 else text()
        yield row(random.choice([exact, normalized]), answer.strip(), [gold[0].strip()])
        yield row(anls, answer, gold)
        yield choice_row()
    for _ in range(250):
        gold = [number() if random.random() < 0.7 else text()]
        yield row(relaxed, random.choice([near(gold[0]), damaged(gold[0]), text()]), gold)
        people = random.choices([text() for _ in range(3)], k=10)
        yield row(vqa_accuracy, damaged(random.choice(people)), people)


Path(sys.argv[1]).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows()), encoding="utf-8")
