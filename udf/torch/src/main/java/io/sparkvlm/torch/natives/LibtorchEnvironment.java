package io.sparkvlm.torch.natives;

/** Variables of the environment with which libtorch is fast on a CPU. A process cannot set its own: what starts it does. */
public enum LibtorchEnvironment {
    /** Fresh pages of 4 KiB halve libtorch's speed. */
    HUGE_PAGES("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1"),
    /** Its threads would wait awake for milliseconds, and take the processor from those that compute. */
    SHORT_WAITS("GOMP_SPINCOUNT", "1000");

    private final String variable;
    private final String value;

    LibtorchEnvironment(String variable, String value) {
        this.variable = variable;
        this.value = value;
    }

    public String variable() {
        return variable;
    }

    public String value() {
        return value;
    }

    /** As shells write it. */
    public String assignment() {
        return variable + "=" + value;
    }
}
