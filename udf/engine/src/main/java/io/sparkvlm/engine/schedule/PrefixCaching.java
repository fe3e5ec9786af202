package io.sparkvlm.engine.schedule;

/** Says whether sequences that begin alike share what was computed for their beginning. */
public enum PrefixCaching {
    ON,
    OFF
}
