package io.sparkvlm.preprocessing.media.isolation;

import io.sparkvlm.preprocessing.media.ImageDecoder;

/** Which decoders does a process have? Their native libraries are loaded when it is made. */
public record Decoders(ImageDecoder images) {
    static Decoders load() {
        return new Decoders(new ImageDecoder());
    }
}
