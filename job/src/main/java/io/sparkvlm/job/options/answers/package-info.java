/**
 * The options of the commands that read a job's answers, to show, report, score and compare them: words that picocli has parsed go in.
 * Output folders, filters of rows and ways of scoring come out. Start reading at {@link io.sparkvlm.job.options.answers.AskedOptions}
 * and {@link io.sparkvlm.job.options.answers.ScoringOptions}.
 */
package io.sparkvlm.job.options.answers;
