/**
 * An output table as people read it: its rows and the requests they answer go in, text for a terminal or one page for a
 * browser comes out. Whatever a stranger wrote is shown and never obeyed: control characters are made visible, markup is
 * escaped, and pictures are drawn anew from their pixels. Start reading at {@link io.sparkvlm.job.show.AnswerTable},
 * then {@link io.sparkvlm.job.show.TextReport} and {@link io.sparkvlm.job.show.HtmlReport}.
 */
package io.sparkvlm.job.show;
