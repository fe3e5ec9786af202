package io.sparkvlm.preprocessing.media;

/** The kind of medium that pixels belong to, which picks the flavour of an error code. */
public enum MediaKind {
    IMAGE,
    VIDEO
}
