/**
 * Files of scored answers that other evaluation tools read: the samples of lmms-eval and the tables of VLMEvalKit. Takes a scored
 * table and writes one file of this machine, row by row. Start at {@link io.sparkvlm.job.export.ExportFile}.
 */
package io.sparkvlm.job.export;
