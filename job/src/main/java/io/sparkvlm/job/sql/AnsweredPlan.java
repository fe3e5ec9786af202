package io.sparkvlm.job.sql;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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
        List<Expression> left = open(expressions);
        Optional<VlmCall> next = Calls.first(left);
        while (next.isPresent() && isAnswerable(next.get())) {
            Attribute answer = job.newAnswer();
            plan = job.after(plan, next.get(), answer);
            answers.put(next.get().question(), answer);
            left = open(left);
            next = Calls.first(left);
        }
        return this;
    }

    private List<Expression> open(Collection<Expression> expressions) {
        return expressions.stream()
                .map(expression -> Calls.answered(expression, answers))
                .filter(expression -> Calls.first(List.of(expression)).isPresent())
                .sorted((one, other) -> Boolean.compare(isOpenAbove(one), isOpenAbove(other)))
                .toList();
    }

    private boolean isOpenAbove(Expression expression) {
        return !Calls.first(List.of(expression)).filter(this::isAnswerable).isPresent();
    }

    private boolean isAnswerable(VlmCall call) {
        return call.references().subsetOf(plan.outputSet())
                && !call.exists(part -> part instanceof NamedLambdaVariable || part instanceof AggregateExpression);
    }
}
