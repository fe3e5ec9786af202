package io.sparkvlm.job.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The groups that a command's help lists its options in, in their order. */
public enum HelpGroup {
    INPUT("Input"),
    OUTPUT("Output"),
    DRY_RUN("Dry run"),
    MODEL_AND_ENGINE("Model and engine"),
    OTHER_ENGINES("Other engines"),
    MEDIA_SAFETY("Media safety"),
    SAMPLING_AND_LIMITS("Sampling and limits"),
    SERVER("Server"),
    SPARK("Spark"),
    HELP("Help");

    private final String heading;

    HelpGroup(String heading) {
        this.heading = heading;
    }

    public String heading() {
        return heading;
    }

    /** Puts all options that a class declares into a group. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    public @interface Of {
        HelpGroup value();
    }
}
