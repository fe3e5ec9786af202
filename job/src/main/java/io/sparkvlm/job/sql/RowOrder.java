package io.sparkvlm.job.sql;

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

/** Restores the order of rows, which end in another than they came in. */
final class RowOrder {
    private RowOrder() {}

    /** The rows of a plan in the order of the plan that they come from, where that sorts them; each task sorts its own. */
    static LogicalPlan restored(LogicalPlan before, LogicalPlan after) {
        Seq<SortOrder> order = of(before);
        return !order.isEmpty()
                        && CollectionConverters.asJava(order).stream()
                                .allMatch(key -> key.references().subsetOf(after.outputSet()))
                ? new Sort(order, false, after, Option.empty())
                : after;
    }

    /** What Spark says of a plan, and of limits above it, of which it says nothing. */
    private static Seq<SortOrder> of(LogicalPlan plan) {
        boolean keepsOrder = plan instanceof GlobalLimit
                || plan instanceof LocalLimit
                || plan instanceof Offset
                || plan instanceof Project
                || plan instanceof Filter;
        Seq<SortOrder> order = plan.outputOrdering();
        return order.isEmpty() && keepsOrder ? of(plan.children().apply(0)) : order;
    }
}
