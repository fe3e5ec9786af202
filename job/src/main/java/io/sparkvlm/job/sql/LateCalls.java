package io.sparkvlm.job.sql;

import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Moves projections with calls above limits, and above sorts by other columns, so that no row is asked about that is left out. */
final class LateCalls {
    private LateCalls() {}

    static LogicalPlan in(LogicalPlan plan) {
        return moved(plan.mapChildren(LateCalls::in));
    }

    private static LogicalPlan moved(LogicalPlan node) {
        return node.children().size() == 1
                        && node.children().apply(0) instanceof Project project
                        && asks(project)
                        && mayStandBelow(node, project)
                ? new Project(project.projectList(), moved(node.withNewChildren(children(project.child()))))
                : node;
    }

    /** Whether it has calls, or stands right above one that has. */
    private static boolean asks(LogicalPlan plan) {
        return plan instanceof Project project && (Calls.areIn(project) || asks(project.child()));
    }

    private static boolean mayStandBelow(LogicalPlan node, Project project) {
        return node instanceof GlobalLimit
                || node instanceof LocalLimit
                || node instanceof Offset
                || (node instanceof Sort sort
                        && sort.references().subsetOf(project.child().outputSet()));
    }

    private static Seq<LogicalPlan> children(LogicalPlan child) {
        return CollectionConverters.asScala(java.util.List.of(child)).toSeq();
    }
}
