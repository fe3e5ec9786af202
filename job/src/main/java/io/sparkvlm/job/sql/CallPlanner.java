package io.sparkvlm.job.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Puts the job's stages below the nodes of a plan that have calls, as Spark's own ExtractPythonUDFs does it with Python's functions:
 * after filters, projections and limits have found their places, so that only rows that are wanted are asked about.
 */
final class CallPlanner extends Rule<LogicalPlan> {
    private final SparkSession session;

    CallPlanner(SparkSession session) {
        this.session = session;
    }

    @Override
    public String ruleName() {
        return "Spark VLM's calls";
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Calls.areBelow(plan) ? planned(LateCalls.in(plan), new JobStage(session)) : plan;
    }

    private static LogicalPlan planned(LogicalPlan node, JobStage job) {
        if (node instanceof Project project && project.child() instanceof Filter filter && Calls.areIn(filter)) {
            AnsweredPlan filtered = filtered(filter, planned(filter.child(), job), job);
            return project(project, filtered.answer(Calls.expressions(project)));
        }
        LogicalPlan below = node.mapChildren(child -> planned(child, job));
        if (!Calls.areIn(below)) {
            return below;
        }
        if (below instanceof Filter filter) {
            return withOutputOf(filter, filtered(filter, filter.child(), job).plan());
        }
        return withOutputOf(below, answeredBelow(below, job));
    }

    private static LogicalPlan project(Project project, AnsweredPlan child) {
        LogicalPlan answered = Calls.answered(new Project(project.projectList(), child.plan()), child.answers());
        requireAnswered(answered);
        return answered;
    }

    /** Answers no rows that conditions without calls leave out. */
    private static AnsweredPlan filtered(Filter filter, LogicalPlan child, JobStage job) {
        List<Expression> cheap = new ArrayList<>();
        List<Expression> costly = new ArrayList<>();
        for (Expression condition : conjuncts(filter.condition())) {
            boolean isCheap =
                    condition.deterministic() && Calls.first(List.of(condition)).isEmpty();
            (isCheap ? cheap : costly).add(condition);
        }
        LogicalPlan fewer = cheap.stream()
                .reduce(And::new)
                .<LogicalPlan>map(condition -> new Filter(condition, child))
                .orElse(child);
        AnsweredPlan answered = new AnsweredPlan(job, fewer).answer(costly);
        LogicalPlan left = Calls.answered(
                new Filter(costly.stream().reduce(And::new).orElseThrow(), answered.plan()), answered.answers());
        requireAnswered(left);
        return new AnsweredPlan(job, left, answered.answers());
    }

    private static List<Expression> conjuncts(Expression condition) {
        if (!(condition instanceof And and)) {
            return List.of(condition);
        }
        List<Expression> all = new ArrayList<>(conjuncts(and.left()));
        all.addAll(conjuncts(and.right()));
        return all;
    }

    private static LogicalPlan answeredBelow(LogicalPlan node, JobStage job) {
        Map<Expression, Expression> answers = new HashMap<>();
        LogicalPlan fed = node.mapChildren(child -> {
            AnsweredPlan answered = new AnsweredPlan(job, child).answer(Calls.expressions(node));
            answers.putAll(answered.answers());
            return answered.plan();
        });
        LogicalPlan answered = Calls.answered(fed, answers);
        requireAnswered(answered);
        return answered;
    }

    private static void requireAnswered(LogicalPlan node) {
        Calls.first(Calls.expressions(node)).ifPresent(call -> {
            throw new IllegalArgumentException("expected " + call.form().function()
                    + " of columns of one table, found " + call.sql()
                    + ": results of aggregates and elements of arrays must be columns of a query inside first");
        });
    }

    /** Leaves out answers that the node above does not know. */
    private static LogicalPlan withOutputOf(LogicalPlan before, LogicalPlan after) {
        return after.outputSet().equals(before.outputSet())
                ? after
                : new Project(
                        CollectionConverters.asScala(
                                        new ArrayList<org.apache.spark.sql.catalyst.expressions.NamedExpression>(
                                                CollectionConverters.asJava(before.output())))
                                .toSeq(),
                        after);
    }
}
