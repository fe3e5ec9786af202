package io.sparkvlm.job.sql;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.jdk.javaapi.CollectionConverters;

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
        return answer(expressions, column -> true);
    }

    /** Answers the calls of a projection: a picture that is only asked about is in no row behind its answer. */
    AnsweredPlan answer(Project project) {
        Collection<Expression> expressions = Calls.expressions(project);
        return answer(expressions, column -> Stream.concat(
                        answers.values().stream(),
                        expressions.stream().map(expression -> Calls.answered(expression, answers)))
                .anyMatch(wanted -> wanted.references().contains(column)));
    }

    private AnsweredPlan answer(Collection<Expression> expressions, Predicate<Attribute> isWanted) {
        Optional<VlmCall> next = next(expressions);
        while (next.isPresent()) {
            Attribute answer = job.newAnswer();
            answers.put(next.get().question(), answer);
            List<Attribute> carried = CollectionConverters.asJava(plan.output()).stream()
                    .filter(isWanted)
                    .toList();
            plan = job.after(plan, carried, next.get(), answer);
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
