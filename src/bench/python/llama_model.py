"""Writes a checkpoint as llama.cpp reads it, for `src/bench/run peers`: llama_model.py CHECKPOINT FOLDER bf16|f16|q8_0."""

import pathlib
import sys

import peer_llama


def main():
    checkpoint, folder, weights = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    sys.path[:0] = [str(peer_llama.SOURCES), str(peer_llama.SOURCES / "gguf-py")]
    import convert_hf_to_gguf
    from conversion.base import TextModel

    # It knows tokenizers by what they make of a text, and not that of random checkpoints, which splits words as Qwen2's.
    TextModel.get_vocab_base_pre = lambda self, tokenizer: "qwen2"
    for flags, file in ((["--mmproj"], peer_llama.PROJECTOR), ([], peer_llama.MODEL)):
        sys.argv = ["convert_hf_to_gguf", str(checkpoint), "--outtype", weights, "--outfile", str(folder / file)] + flags
        convert_hf_to_gguf.main()


if __name__ == "__main__":
    main()
