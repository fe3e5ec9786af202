package io.sparkvlm.job.sql;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** A plan whose rows get answers, a column for each question. */
final class AnsweredPlan {
    private final JobStage job;
    private LogicalPlan plan;
    private final Map<Expression, Expression> answers;

    AnsweredPlan(JobStage job, LogicalPlan plan) {
        this(job, plan, Map.of());
    }

    /** @param answers that the plan has already */
    AnsweredPlan(JobStage job, LogicalPlan plan, Map<Expression, Expression> answers) {
        this.job = job;
        this.plan = plan;
        this.answers = new HashMap<>(answers);
    }

    LogicalPlan plan() {
        return plan;
    }

    Map<Expression, Expression> answers() {
        return answers;
    }

    /** Answers the calls whose arguments the plan has, those that are arguments of others first. */
    AnsweredPlan answer(Collection<Expression> expressions) {
        Optional<VlmCall> next = next(expressions);
        while (next.isPresent()) {
            Attribute answer = job.newAnswer();
            plan = job.after(plan, next.get(), answer);
            answers.put(next.get().question(), answer);
            next = next(expressions);
        }
        return this;
    }

    private Optional<VlmCall> next(Collection<Expression> expressions) {
        return expressions.stream()
                .flatMap(expression -> Calls.innermost(Calls.answered(expression, answers)))
                .filter(this::isAnswerable)
                .findFirst();
    }

    /** What a node makes of these rows, with those of the answers that it keeps. */
    AnsweredPlan under(LogicalPlan node) {
        Map<Expression, Expression> kept = new HashMap<>(answers);
        kept.values().removeIf(answer -> !answer.references().subsetOf(node.outputSet()));
        return new AnsweredPlan(job, node, kept);
    }

    private boolean isAnswerable(VlmCall call) {
        return call.references().subsetOf(plan.outputSet())
                && !call.exists(part -> part instanceof NamedLambdaVariable || part instanceof AggregateExpression);
    }
}
