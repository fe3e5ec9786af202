package io.sparkvlm.preprocessing.decode.task;

import io.sparkvlm.preprocessing.image.ImageDecoder;

/** The decoders of a process. Their native libraries are loaded when it is made. */
public record Decoders(ImageDecoder images) {
    public static Decoders load() {
        return new Decoders(new ImageDecoder());
    }
}
