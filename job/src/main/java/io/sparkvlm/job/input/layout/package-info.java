/**
 * How the columns of a table make its requests: a table's schema goes in, a column with the JSON of every row's request
 * comes out, and which columns it was made of. Start reading at {@link io.sparkvlm.job.input.layout.RequestLayouts}.
 */
package io.sparkvlm.job.input.layout;
