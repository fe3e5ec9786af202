package io.sparkvlm.job.sql;

import io.sparkvlm.job.SparkVlm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.MonotonicallyIncreasingID;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.XxHash64;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.physical.UnknownPartitioning;
import org.apache.spark.sql.execution.LogicalRDD;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NullType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** Makes the job's stages a part of a plan. */
record JobStage(SparkSession session) {
    private static final String IMAGE = "sparkvlm_image";
    private static final String PROMPT = "sparkvlm_prompt";
    private static final String CARRIED = "sparkvlm_carried_";
    private static final String PLACE = "sparkvlm_place";
    private static final String SEED = "seed";

    /** All else is the session's, and so the same for all calls of a query: they share an executor's one engine. */
    private static final Map<String, String> OPTIONS = Map.of(
            "image-column",
            IMAGE,
            "prompt-column",
            PROMPT,
            "drop-columns",
            IMAGE + "," + PROMPT,
            "preprocessing",
            "fused");

    /** A column for answers. */
    Attribute newAnswer() {
        return new AttributeReference(
                "answer", AnswerForm.FIELDS, true, Metadata.empty(), NamedExpression.newExprId(), none());
    }

    /**
     * The rows of a plan with the answers to a call.
     *
     * @param carried the columns that are wanted beside the answer
     * @param answer names the column that is added
     * @throws IllegalArgumentException in one line, for settings of the session that the command line would refuse
     */
    LogicalPlan after(LogicalPlan plan, List<Attribute> carried, VlmCall call, Attribute answer) {
        LogicalPlan requests = requests(plan, carried, call);
        Dataset<Row> answered = SparkVlm.generate(standIn(requests), OPTIONS);
        LogicalPlan stages = above(
                requests,
                ((org.apache.spark.sql.classic.Dataset<Row>) answered)
                        .queryExecution()
                        .optimizedPlan());
        Map<String, Attribute> columns = new HashMap<>();
        CollectionConverters.asJava(stages.output()).forEach(column -> columns.put(column.name(), column));
        List<NamedExpression> output = new ArrayList<>();
        for (int i = 0; i < carried.size(); i++) {
            output.add(named(columns.get(CARRIED + i), carried.get(i)));
        }
        output.add(named(structure(columns), answer));
        LogicalPlan ordered = RowOrder.isOf(plan) ? RowOrder.restored(stages, columns.get(PLACE)) : stages;
        return new Project(seq(output), ordered);
    }

    /** Rows that the job knows by a number; the seed of an answer depends on what is asked, so that equal calls are answered alike. */
    private static LogicalPlan requests(LogicalPlan plan, List<Attribute> carried, VlmCall call) {
        List<NamedExpression> columns = new ArrayList<>();
        for (int i = 0; i < carried.size(); i++) {
            columns.add(alias(carried.get(i), CARRIED + i));
        }
        columns.add(alias(new MonotonicallyIncreasingID(), PLACE));
        columns.add(alias(new MonotonicallyIncreasingID(), "row_id"));
        columns.add(alias(typed(call.image(), DataTypes.BinaryType), IMAGE));
        columns.add(alias(typed(call.prompt(), DataTypes.StringType), PROMPT));
        Map<String, Expression> fields = new LinkedHashMap<>();
        fields.put(SEED, new XxHash64(hashable(call.children())));
        fields.putAll(call.fields());
        fields.forEach((name, value) -> columns.add(alias(value, name)));
        return new Project(seq(columns), plan);
    }

    /**
     * Rows with the columns of a plan. The plan itself is in the midst of being optimized, and would be no query of its own: it may
     * refer to parts of the whole.
     */
    private Dataset<Row> standIn(LogicalPlan plan) {
        var spark = (org.apache.spark.sql.classic.SparkSession) session;
        return org.apache.spark.sql.classic.Dataset.ofRows(
                spark,
                new LogicalRDD(
                        plan.output(),
                        spark.sparkContext().emptyRDD(ClassTag$.MODULE$.apply(InternalRow.class)),
                        new UnknownPartitioning(0),
                        none(),
                        plan.isStreaming(),
                        Option.empty(),
                        spark,
                        Option.empty(),
                        Option.empty()));
    }

    /** The stages above the rows that another plan stood for. */
    private static LogicalPlan above(LogicalPlan rows, LogicalPlan stages) {
        return stages instanceof LogicalRDD ? rows : stages.mapChildren(child -> above(rows, child));
    }

    /** A null that is written into a query has no type. */
    private static Expression typed(Expression value, DataType type) {
        return value.dataType() instanceof NullType ? Literal.create(null, type) : value;
    }

    /** Spark hashes no maps. */
    private static Seq<Expression> hashable(Seq<Expression> values) {
        return seq(CollectionConverters.asJava(values).stream()
                .map(value -> value.dataType().existsRecursively(MapType.class::isInstance)
                        ? new Cast(
                                value,
                                DataTypes.StringType,
                                Option.apply(SQLConf.get().sessionLocalTimeZone()))
                        : value)
                .toList());
    }

    private static Expression structure(Map<String, Attribute> columns) {
        List<Expression> fields = new ArrayList<>();
        Arrays.stream(AnswerForm.FIELDS.fieldNames()).forEach(name -> {
            fields.add(Literal.create(name, DataTypes.StringType));
            fields.add(columns.get(name));
        });
        return new CreateNamedStruct(seq(fields));
    }

    private static NamedExpression alias(Expression value, String name) {
        return new Alias(value, name, NamedExpression.newExprId(), none(), Option.empty(), none());
    }

    /** A value under the name and id of a column, by which the nodes above know it. */
    private static NamedExpression named(Expression value, Attribute column) {
        ExprId id = column.exprId();
        return new Alias(value, column.name(), id, column.qualifier(), Option.apply(column.metadata()), none());
    }

    private static <T> Seq<T> none() {
        return seq(List.of());
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }
}
