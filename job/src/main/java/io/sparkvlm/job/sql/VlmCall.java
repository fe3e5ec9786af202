package io.sparkvlm.job.sql;

import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * A call of {@code vlm_chat} or {@code vlm_text} in a query. It is never evaluated: the optimizer takes it for one of the costly
 * functions that it leaves where they are, and {@link CallPlanner} puts the job in its place.
 *
 * <p>Equal arguments have equal answers, so Spark may move it and leave out one of two equal calls.
 */
public final class VlmCall extends Expression implements Unevaluable {
    private static final int WITHOUT_FIELDS = 2;

    private static final List<String> REQUEST_FIELDS = RequestValidator.honouredFields().stream()
            .filter(name -> !Set.of("messages", "model").contains(name))
            .toList();

    private final Seq<Expression> arguments;
    private final AnswerForm form;

    /** @param arguments a picture, a prompt, and perhaps a structure of other fields of the request */
    public VlmCall(Seq<Expression> arguments, AnswerForm form) {
        this.arguments = arguments;
        this.form = form;
    }

    Expression image() {
        return arguments.apply(0);
    }

    Expression prompt() {
        return arguments.apply(1);
    }

    AnswerForm form() {
        return form;
    }

    /** What decides the answer: calls that ask the same are equal, whatever they return of it. */
    Expression question() {
        return new VlmCall(arguments, AnswerForm.WHOLE).canonicalized();
    }

    /** The fields of the request besides its messages, by their names. */
    Map<String, Expression> fields() {
        Map<String, Expression> fields = new LinkedHashMap<>();
        if (arguments.size() > WITHOUT_FIELDS) {
            Expression structure = arguments.apply(WITHOUT_FIELDS);
            String[] names = ((StructType) structure.dataType()).fieldNames();
            for (int i = 0; i < names.length; i++) {
                fields.put(names[i], new GetStructField(structure, i, Option.apply(names[i])));
            }
        }
        return fields;
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        return fault().<TypeCheckResult>map(TypeCheckResult.TypeCheckFailure::new)
                .orElse(TypeCheckResult.TypeCheckSuccess$.MODULE$);
    }

    private Optional<String> fault() {
        if (arguments.size() != WITHOUT_FIELDS && arguments.size() != WITHOUT_FIELDS + 1) {
            return Optional.of("expected " + form.function() + "(image, prompt[, fields]), found " + arguments.size()
                    + " arguments");
        }
        DataType asked = prompt().dataType();
        if (!(asked instanceof StringType) && !(asked instanceof NullType)) {
            return Optional.of("expected a prompt that is a string, found " + asked.simpleString());
        }
        return arguments.size() == WITHOUT_FIELDS ? Optional.empty() : fault(arguments.apply(WITHOUT_FIELDS));
    }

    private static Optional<String> fault(Expression fields) {
        if (!(fields.dataType() instanceof StructType structure)) {
            return Optional.of(
                    "expected a structure with fields of a request, as named_struct('temperature', 0), found "
                            + fields.sql());
        }
        return Arrays.stream(structure.fieldNames())
                .filter(name -> !REQUEST_FIELDS.contains(name))
                .findFirst()
                .map(name -> "expected only fields of requests, which are " + String.join(", ", REQUEST_FIELDS)
                        + ", found \"" + name + "\"");
    }

    @Override
    public Seq<Expression> children() {
        return arguments;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new VlmCall(children, form);
    }

    @Override
    public DataType dataType() {
        return form.type();
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public boolean foldable() {
        return false;
    }

    @Override
    public String prettyName() {
        return form.function();
    }

    @Override
    public Object eval(InternalRow input) {
        throw unplanned();
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        throw unplanned();
    }

    private IllegalStateException unplanned() {
        return new IllegalStateException("expected that the call was planned, found it where rows are: " + sql());
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int n) {
        return List.of(arguments, form).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof VlmCall;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VlmCall call && form == call.form && arguments.equals(call.arguments);
    }

    @Override
    public int hashCode() {
        return 31 * arguments.hashCode() + form.hashCode();
    }
}
