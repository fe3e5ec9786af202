package io.sparkvlm.job.report;

import java.util.List;

/**
 * Says how many rows have which values.
 *
 * @param rows of each bin of the scale
 */
record Histogram(Measure measure, Scale scale, List<Long> rows) {}
