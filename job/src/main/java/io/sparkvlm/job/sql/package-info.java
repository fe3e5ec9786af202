/**
 * The job as functions of SQL: calls in a query go in, and the job's own stages take their places in its plan, so that rows are
 * answered together. Start reading at {@link io.sparkvlm.job.sql.VlmExtensions}, then {@code CallPlanner}.
 */
package io.sparkvlm.job.sql;
