package io.sparkvlm.job.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.Option;
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
        return Calls.areBelow(plan)
                ? withOutputOf(
                        plan, planned(LateCalls.in(plan), new JobStage(session)).plan())
                : plan;
    }

    /** A plan with the job's stages in it; the answers that its rows have are known above it. */
    private static AnsweredPlan planned(LogicalPlan node, JobStage job) {
        if (!Calls.areBelow(node)) {
            return new AnsweredPlan(job, node);
        }
        if (node instanceof Filter filter && Calls.areIn(filter)) {
            return filtered(filter, planned(filter.child(), job));
        }
        if (node instanceof LocalLimit && node.children().apply(0) instanceof Sort sort) { // is no sort by ranges
            return under(node, under(sort, planned(sort.child(), job)));
        }
        if (node instanceof Sort sort && sort.global()) {
            AnsweredPlan sorted = planned(sort.child(), job).answer(Calls.expressions(sort));
            return under(sort, sorted.under(kept(sorted.plan())));
        }
        if (node instanceof Project
                || node instanceof Filter
                || node instanceof Sort
                || node instanceof GlobalLimit
                || node instanceof LocalLimit
                || node instanceof Offset) {
            return under(node, planned(node.children().apply(0), job));
        }
        LogicalPlan below = node.mapChildren(
                child -> withOutputOf(child, planned(child, job).plan()));
        return new AnsweredPlan(job, Calls.areIn(below) ? withOutputOf(below, answeredBelow(below, job)) : below);
    }

    private static AnsweredPlan under(LogicalPlan node, AnsweredPlan child) {
        AnsweredPlan fed =
                node instanceof Project project ? child.answer(project) : child.answer(Calls.expressions(node));
        LogicalPlan answered = Calls.answered(
                node.withNewChildren(
                        CollectionConverters.asScala(List.of(fed.plan())).toSeq()),
                fed.answers());
        requireAnswered(answered);
        return fed.under(answered);
    }

    /** Rows in an exchange, which Spark keeps: it reads what it sorts once to find ranges, and once more to sort. */
    private static LogicalPlan kept(LogicalPlan answered) {
        return new RepartitionByExpression(
                CollectionConverters.asScala(List.<Expression>of()).toSeq(), answered, Option.empty(), Option.empty());
    }

    /** Answers no rows that conditions without calls leave out; one whose value is another each time keeps its place. */
    private static AnsweredPlan filtered(Filter filter, AnsweredPlan child) {
        List<Expression> cheap = new ArrayList<>();
        List<Expression> costly = new ArrayList<>();
        for (Expression condition : conjuncts(filter.condition())) {
            boolean asks = Calls.first(List.of(condition)).isPresent();
            boolean mayBeFirst = costly.isEmpty() || condition.deterministic();
            (!asks && mayBeFirst ? cheap : costly).add(condition);
        }
        AnsweredPlan fewer = cheap.stream()
                .reduce(And::new)
                .map(condition -> child.under(new Filter(condition, child.plan())))
                .orElse(child);
        return under(new Filter(costly.stream().reduce(And::new).orElseThrow(), fewer.plan()), fewer);
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
