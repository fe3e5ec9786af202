"""vLLM's server on the CPU, for `src/bench/run serve`: `peer_vllm_serve.py CHECKPOINT --port N`."""

import os
import sys
import tempfile

import peer_requests

# As much cache as ours; all processors.
os.environ.update(
    VLLM_CPU_KVCACHE_SPACE="2",
    VLLM_CPU_OMP_THREADS_BIND="0-%d" % (os.cpu_count() - 1),
    VLLM_HOST_IP="127.0.0.1",
    VLLM_LOGGING_LEVEL="WARNING",
    VLLM_NO_USAGE_STATS="1",
    DO_NOT_TRACK="1",
)


def main():
    checkpoint, *more = sys.argv[1:]
    template = tempfile.NamedTemporaryFile("w", suffix=".jinja", encoding="utf-8", delete=False)
    with template:
        template.write(peer_requests.chat_template(checkpoint))
    # What `vllm serve` runs; the command itself wants a package of the name vllm, which vllm-cpu is not.
    serve = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", checkpoint]
    flags = "--host 127.0.0.1 --dtype bfloat16 --max-model-len 8192 --max-num-seqs 64 --served-model-name model".split()
    media = ["--limit-mm-per-prompt", '{"image": 4, "video": 1}', "--skip-mm-profiling"]
    log = ["--disable-uvicorn-access-log"]
    os.execv(sys.executable, [*serve, "--chat-template", template.name, *flags, *media, *log, *more])


if __name__ == "__main__":
    main()
