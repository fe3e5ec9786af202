package io.sparkvlm.preprocessing.media;

/** Says that a decoder found too little memory for a file that may be whole: the machine's fault, or the limit's. */
public final class DecoderMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DecoderMemoryException(Throwable cause) {
        super("a decoder found too little memory", cause);
    }
}
