package io.sparkvlm.torch;

import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.util.concurrent.atomic.LongAdder;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Frees, when it closes, every tensor that its thread made since it opened, but those kept. A tensor outside any scope
 * lives until the garbage collector comes for it, which may be gigabytes too late.
 *
 * <p>Scopes nest and belong to the thread that opened them.
 */
public final class TensorScope implements AutoCloseable {
    /** Static, because it tells of the process that something is computed. */
    private static final LongAdder OPENED = new LongAdder();

    private final PointerScope scope;

    public TensorScope() {
        OPENED.increment();
        NativeLibraries.load(NativeLibrary.PYTORCH);
        this.scope = new PointerScope();
    }

    /** How many scopes this process has opened: every layer opens some, so the number stands still only while nothing is computed. */
    public static long opened() {
        return OPENED.sum();
    }

    /** Lets the tensor outlive this scope and every other; its taker closes it. */
    public <T extends Pointer> T keep(T tensor) {
        tensor.retainReference();
        return tensor;
    }

    /** Hands a kept tensor over: it is freed when this scope closes. */
    public <T extends Pointer> T adopt(T kept) {
        scope.attach(kept);
        kept.releaseReference();
        return kept;
    }

    @Override
    public void close() {
        scope.close();
    }
}
