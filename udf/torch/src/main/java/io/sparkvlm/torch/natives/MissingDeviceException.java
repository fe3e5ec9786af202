package io.sparkvlm.torch.natives;

/**
 * A device that was asked for cannot be used on this machine. The message says in one line what is missing and what
 * brings it; trying again cures nothing.
 */
public final class MissingDeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MissingDeviceException(String message) {
        super(message);
    }
}
