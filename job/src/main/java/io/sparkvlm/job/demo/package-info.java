/**
 * What the demo asks and what it makes of the answers: files in the jar and a table of completions go in. A folder to
 * run on, a score and a report for people come out. Start reading at {@link io.sparkvlm.job.demo.DemoFolder} and
 * {@link io.sparkvlm.job.demo.DemoScore}.
 */
package io.sparkvlm.job.demo;
