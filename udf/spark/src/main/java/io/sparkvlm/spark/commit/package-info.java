/**
 * The commit of a job's rows while its tasks run: files that tasks have closed go in, with the ids of their rows. Files
 * whose rows no other file holds come out in the table, where they are the record of what is done. Start reading at {@link
 * io.sparkvlm.spark.commit.PublishingWriter}, then {@link io.sparkvlm.spark.commit.Publication}.
 */
package io.sparkvlm.spark.commit;
