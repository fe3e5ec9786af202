/**
 * Tables that have versions, of Delta Lake and Iceberg: their names go in, versions to read and rows that were committed come
 * out. The libraries are the user's; nothing here is compiled against them. Start reading at
 * {@link io.sparkvlm.job.lake.TableLibrary}.
 */
package io.sparkvlm.job.lake;
