package io.sparkvlm.outcome;

/** What can go wrong while a request that is right is answered. */
public enum EngineCode implements ErrorCode {
    WORKER_CRASHED(500),
    ENGINE_OUT_OF_MEMORY(503),
    SERVER_ERROR(500);

    private final int status;

    EngineCode(int status) {
        this.status = status;
    }

    @Override
    public int status() {
        return status;
    }
}
