package io.sparkvlm.job.input.layout;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** Chooses the layout of a table's requests by the names of its columns. */
public final class RequestLayouts {
    private static final String BODY = "body";
    private static final String MESSAGES = "messages";
    /** The body or a Batch line; in a table with {@value #BODY} or {@value #MESSAGES} it is a column like others. */
    private static final String REQUEST = "request";

    private RequestLayouts() {}

    public static RequestLayout of(StructType schema) throws JobRefusedException {
        List<String> names = List.of(schema.fieldNames());
        if (names.contains(BODY)) {
            return WholeBody.of(schema.apply(BODY));
        }
        if (names.contains(MESSAGES)) {
            return MessagesAndParameters.of(schema.apply(MESSAGES), schema);
        }
        if (names.contains(REQUEST)) {
            return WholeBody.of(schema.apply(REQUEST));
        }
        throw new JobRefusedException("expected a column request, body or messages, found " + String.join(", ", names));
    }
}
