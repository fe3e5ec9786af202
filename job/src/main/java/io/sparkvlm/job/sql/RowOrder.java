package io.sparkvlm.job.sql;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Ascending$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NullsFirst$;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Keeps the order of rows, which end in another than they came in. */
final class RowOrder {
    private RowOrder() {}

    /** Whether a plan sorts its rows, by columns that it has or has left out. */
    static boolean isOf(LogicalPlan plan) {
        boolean keepsOrder = plan instanceof GlobalLimit
                || plan instanceof LocalLimit
                || plan instanceof Offset
                || plan instanceof Project
                || plan instanceof Filter;
        return !plan.outputOrdering().isEmpty()
                || (keepsOrder && isOf(plan.children().apply(0)));
    }

    /** Rows in the order of a column, which is that of each task. */
    static LogicalPlan restored(LogicalPlan rows, Attribute number) {
        SortOrder byNumber = new SortOrder(number, Ascending$.MODULE$, NullsFirst$.MODULE$, seq(List.of()));
        return new Sort(seq(List.of(byNumber)), false, rows, Option.empty());
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }
}
