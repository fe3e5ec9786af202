"""Writes a checkpoint as OpenVINO reads it, for `src/bench/run peers`: openvino_model.py CHECKPOINT FOLDER fp16|int8."""

import pathlib
import subprocess
import sys

import openvino
from openvino_tokenizers import convert_tokenizer
from transformers import PreTrainedTokenizerFast


def main():
    checkpoint, folder, weights = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    export = pathlib.Path(sys.executable).with_name("optimum-cli")
    subprocess.run(
        [export, "export", "openvino", "--model", checkpoint, "--task", "image-text-to-text", "--weight-format", weights, folder],
        check=True,
    )
    # Written by a transformers that is newer than the one that OpenVINO takes, whose names of tokenizers differ.
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(checkpoint / "tokenizer.json"))
    for name, model in zip(("openvino_tokenizer", "openvino_detokenizer"), convert_tokenizer(tokenizer, with_detokenizer=True)):
        openvino.save_model(model, folder / (name + ".xml"))


if __name__ == "__main__":
    main()
