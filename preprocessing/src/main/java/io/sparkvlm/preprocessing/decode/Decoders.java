package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.preprocessing.image.ImageDecoder;

/** The decoders of a process. Their native libraries are loaded when it is made. */
public record Decoders(ImageDecoder images) {
    static Decoders load() {
        return new Decoders(new ImageDecoder());
    }
}
