package io.sparkvlm.bench.endurance;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** How something grows with the rows that are done, by least squares. */
final class Trend {
    /** What a process looked like when so many rows were done. */
    record Point(long rows, ProcessSample sample) {}

    private static final int ROWS = 1000;

    private Trend() {}

    /** Of what grows, for 1,000 rows; NaN where no rows came between the points. */
    static double ofAThousandRows(List<Point> points, ToDoubleFunction<ProcessSample> what) {
        double meanRows = points.stream().mapToLong(Point::rows).average().orElse(Double.NaN);
        double mean = points.stream()
                .mapToDouble(point -> what.applyAsDouble(point.sample()))
                .average()
                .orElse(Double.NaN);
        double together = 0;
        double alone = 0;
        for (Point point : points) {
            double rows = point.rows() - meanRows;
            together += rows * (what.applyAsDouble(point.sample()) - mean);
            alone += rows * rows;
        }
        return together / alone * ROWS;
    }
}
