/**
 * Media in Hadoop's file systems: the folders that a job allows and a URL that a request names go in. The bytes of the
 * file, or what forbids to read it, come out. Start reading at {@link io.sparkvlm.spark.hadoop.MediaRoots} and {@link
 * io.sparkvlm.spark.hadoop.HadoopStore}.
 */
package io.sparkvlm.spark.hadoop;
