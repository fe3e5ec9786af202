package io.sparkvlm.job.sql;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Adds {@code vlm_chat} and {@code vlm_text} to a session that is started with
 * {@code spark.sql.extensions=io.sparkvlm.job.sql.VlmExtensions}.
 */
public final class VlmExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        for (AnswerForm form : AnswerForm.values()) {
            Function1<Seq<Expression>, Expression> builder = arguments -> new VlmCall(arguments, form);
            extensions.injectFunction(new Tuple3<>(new FunctionIdentifier(form.function()), info(form), builder));
        }
        extensions.injectPreCBORule(CallPlanner::new);
        return BoxedUnit.UNIT;
    }

    private static ExpressionInfo info(AnswerForm form) {
        String name = form.function();
        String usage = name + "(image, prompt[, fields]) - asks a vision-language model about a picture, and returns "
                + form.description()
                + ". The fields are a structure of those of a request, as named_struct('temperature', 0).";
        return new ExpressionInfo(VlmCall.class.getName(), null, name, usage, "", "", "", "", "", "", "");
    }
}
