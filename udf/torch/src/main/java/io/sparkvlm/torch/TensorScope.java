package io.sparkvlm.torch;

import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Frees, when it closes, every tensor that its thread made since it opened, but those kept. A tensor outside any scope
 * lives until the garbage collector comes for it, which may be gigabytes too late.
 *
 * <p>Scopes nest and belong to the thread that opened them.
 */
public final class TensorScope implements AutoCloseable {
    private final PointerScope scope;

    public TensorScope() {
        NativeLibraries.load(NativeLibrary.PYTORCH);
        this.scope = new PointerScope();
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
