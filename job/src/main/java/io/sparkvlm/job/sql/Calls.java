package io.sparkvlm.job.sql;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Finds the calls in expressions, and puts answers in their places. */
final class Calls {
    private Calls() {}

    static Collection<Expression> expressions(LogicalPlan plan) {
        return CollectionConverters.asJava(plan.expressions());
    }

    static boolean areIn(LogicalPlan plan) {
        return first(expressions(plan)).isPresent();
    }

    static boolean areBelow(LogicalPlan plan) {
        return areIn(plan)
                || CollectionConverters.asJava(plan.children()).stream().anyMatch(Calls::areBelow);
    }

    static Optional<VlmCall> first(Collection<Expression> expressions) {
        return expressions.stream().flatMap(Calls::innermost).findFirst();
    }

    /** Those whose arguments have no calls. */
    static Stream<VlmCall> innermost(Expression expression) {
        List<VlmCall> inside = CollectionConverters.asJava(expression.children()).stream()
                .flatMap(Calls::innermost)
                .toList();
        return inside.isEmpty() && expression instanceof VlmCall call ? Stream.of(call) : inside.stream();
    }

    /**
     * An expression with the answers that are known.
     *
     * @param answers by {@link VlmCall#question}
     */
    static Expression answered(Expression expression, Map<Expression, Expression> answers) {
        Expression inside = expression.mapChildren(child -> answered(child, answers));
        if (!(inside instanceof VlmCall call)) {
            return inside;
        }
        Optional<Expression> whole = Optional.ofNullable(answers.get(call.question()));
        return whole.map(answer -> part(answer, call.form())).orElse(call);
    }

    private static Expression part(Expression answer, AnswerForm form) {
        return switch (form) {
            case WHOLE -> answer;
            case TEXT ->
                new GetStructField(
                        answer,
                        AnswerForm.FIELDS.fieldIndex(AnswerForm.TEXT_FIELD),
                        Option.apply(AnswerForm.TEXT_FIELD));
        };
    }

    /** A node whose expressions have the answers that are known. */
    static LogicalPlan answered(LogicalPlan node, Map<Expression, Expression> answers) {
        return node.mapExpressions(expression -> answered(expression, answers));
    }
}
