package io.sparkvlm.preprocessing.media;

/** What the pixels belong to: it picks the {@code image} or {@code video} flavour of an error code. */
public enum MediaKind {
    IMAGE,
    VIDEO
}
