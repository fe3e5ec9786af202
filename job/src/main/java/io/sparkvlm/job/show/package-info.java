/**
 * An output table as people read it: its rows and what they asked go in. Text for a terminal or one page for a browser
 * comes out; what a stranger wrote is shown and never obeyed, so control characters are made visible and markup is
 * escaped. Start reading at {@link io.sparkvlm.job.show.OutputTable}, then {@link io.sparkvlm.job.show.TextReport} and
 * {@link io.sparkvlm.job.show.HtmlReport}.
 */
package io.sparkvlm.job.show;
