/**
 * The job from its command line to its Parquet: requests and a small checkpoint go in, and what comes out is held to what
 * transformers answered. Rows that are not right, clusters and the jar to submit are tested here too. Start reading at
 * {@link io.sparkvlm.it.ReferenceJobTest}.
 */
package io.sparkvlm.it;
