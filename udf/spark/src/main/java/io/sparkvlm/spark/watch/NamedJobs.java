package io.sparkvlm.spark.watch;

import org.apache.spark.SparkContext;

/**
 * Names the Spark jobs and stages that this thread starts until it is closed, where Spark would name them after a line of the source.
 * Of names inside each other the inner one counts.
 */
public final class NamedJobs implements AutoCloseable {
    /** What a job does that has not begun with its rows. */
    public static final String READING = "reading the input";

    /** What a job does once they are written. */
    public static final String COUNTING = "counting the written rows";

    private static final String DESCRIPTION = "spark.job.description";

    /** What Spark calls a stage, and an SQL query without a description. */
    private static final String CALL_SITE = "callSite.short";

    private final SparkContext context;
    private final String descriptionBefore;
    private final String callSiteBefore;

    private NamedJobs(SparkContext context) {
        this.context = context;
        this.descriptionBefore = context.getLocalProperty(DESCRIPTION);
        this.callSiteBefore = context.getLocalProperty(CALL_SITE);
    }

    /**
     * Gives what this thread starts from now on a name.
     *
     * @param name what is done, as "answering 1,000 rows"
     */
    public static NamedJobs of(SparkContext context, String name) {
        NamedJobs named = new NamedJobs(context);
        context.setLocalProperty(DESCRIPTION, name);
        context.setLocalProperty(CALL_SITE, name);
        return named;
    }

    @Override
    public void close() {
        context.setLocalProperty(DESCRIPTION, descriptionBefore);
        context.setLocalProperty(CALL_SITE, callSiteBefore);
    }
}
