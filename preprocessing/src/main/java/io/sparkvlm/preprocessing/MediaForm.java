package io.sparkvlm.preprocessing;

/** In what form does a medium wait to become patches? */
public enum MediaForm {
    /** Image files as they came, one for each picture. */
    IMAGES,
    /** One video file as it came. */
    VIDEO_FILE
}
