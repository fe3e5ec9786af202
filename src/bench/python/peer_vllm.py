"""vLLM on the CPU with its prefix cache, for `src/bench/run peers`."""

import os
import time

# Before vllm is imported: one process, which steps can be timed in; as much cache as ours; all processors.
os.environ.update(
    VLLM_CPU_KVCACHE_SPACE="2",
    VLLM_CPU_OMP_THREADS_BIND="0-%d" % (os.cpu_count() - 1),
    VLLM_ENABLE_V1_MULTIPROCESSING="0",
    VLLM_HOST_IP="127.0.0.1",
    VLLM_LOGGING_LEVEL="WARNING",
    VLLM_NO_USAGE_STATS="1",
    DO_NOT_TRACK="1",
)

import peer_requests  # noqa: E402


class Vllm:
    def __init__(self, model):
        from transformers import AutoTokenizer
        from vllm import LLM

        self.template = peer_requests.chat_template(model)
        self.tokenizer = AutoTokenizer.from_pretrained(model)
        self.llm = LLM(
            model=model,
            dtype="bfloat16",
            max_model_len=8192,
            max_num_seqs=64,
            enable_prefix_caching=True,
            limit_mm_per_prompt={"image": 4, "video": 1},
            skip_mm_profiling=True,
            seed=0,
        )
        self.steps = []
        engine = self.llm.llm_engine
        step = engine.step

        def timed():
            start = time.perf_counter()
            outputs = step()
            self.steps.append(time.perf_counter() - start)
            return outputs

        engine.step = timed

    def answer(self, requests):
        from vllm import SamplingParams

        self.steps.clear()
        outputs = self.llm.generate(
            [self.prompt(request) for request in requests],
            [
                SamplingParams(
                    temperature=request.temperature,
                    max_tokens=request.completion_tokens,
                    min_tokens=request.completion_tokens,
                    ignore_eos=True,
                )
                for request in requests
            ],
            use_tqdm=False,
        )
        prompts = {request.id: len(output.prompt_token_ids) for request, output in zip(requests, outputs)}
        answers = {request.id: len(output.outputs[0].token_ids) for request, output in zip(requests, outputs)}
        # All answers are being written in the last ones, where they are of one length.
        return prompts, answers, self.steps[-max(1, min(answers.values()) - 2) :]

    def prompt(self, request):
        text = self.tokenizer.apply_chat_template(
            request.messages, chat_template=self.template, tokenize=False, add_generation_prompt=True
        )
        media = {"image": request.images(), "video": request.videos()}
        return {"prompt": text, "multi_modal_data": {kind: found for kind, found in media.items() if found}}

    def forget(self):
        self.llm.reset_prefix_cache()
        self.llm.llm_engine.reset_mm_cache()
        self.llm.llm_engine.reset_encoder_cache()


def main():
    given = peer_requests.arguments(__doc__)
    vllm = Vllm(given.model)
    peer_requests.measure(given, vllm.answer, vllm.forget)


if __name__ == "__main__":
    main()
