package io.sparkvlm.job.input.layout;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructType;

/** Chooses the layout of a table's requests by what its columns are said to be for, else by their names. */
public final class RequestLayouts {
    private static final String BODY = "body";
    private static final String MESSAGES = "messages";
    /** The body or a Batch line; in a table with {@value #BODY} or {@value #MESSAGES} it is a column like others. */
    private static final String REQUEST = "request";

    private RequestLayouts() {}

    public static RequestLayout of(StructType schema, ColumnRoles roles) throws JobRefusedException {
        if (roles.prompt().isPresent()) {
            return PicturesAndPrompt.of(roles.prompt().get(), roles, schema);
        }
        if (roles.system().isPresent()) {
            throw new JobRefusedException("expected " + PromptTemplate.TEXT_OPTION + " or "
                    + PromptTemplate.COLUMN_OPTION + " beside --system-prompt: requests have their own");
        }
        return roles.nameMedia() ? ofMessages(schema, roles) : ofRequests(schema);
    }

    /**
     * Chooses the layout of a table that lines of JSON make.
     *
     * @param roles that name columns or a prompt
     * @param line the column with the lines as they are
     */
    public static RequestLayout ofLines(StructType schema, ColumnRoles roles, Column line) throws JobRefusedException {
        return new RowsOfLines(of(schema, roles), line);
    }

    private static RequestLayout ofMessages(StructType schema, ColumnRoles roles) throws JobRefusedException {
        if (schema.getFieldIndex(MESSAGES).isEmpty()) {
            throw new JobRefusedException("expected " + PromptTemplate.TEXT_OPTION + " or "
                    + PromptTemplate.COLUMN_OPTION + " beside " + ColumnRoles.IMAGE_OPTION + " and "
                    + ColumnRoles.VIDEO_OPTION + ", or a column " + MESSAGES);
        }
        return MessagesAndParameters.of(schema.apply(MESSAGES), RowMedia.named(roles, schema), schema);
    }

    private static RequestLayout ofRequests(StructType schema) throws JobRefusedException {
        List<String> names = List.of(schema.fieldNames());
        if (names.contains(BODY)) {
            return WholeBody.of(schema.apply(BODY));
        }
        if (names.contains(MESSAGES)) {
            return MessagesAndParameters.of(schema.apply(MESSAGES), RowMedia.usual(schema), schema);
        }
        if (names.contains(REQUEST)) {
            return WholeBody.of(schema.apply(REQUEST));
        }
        throw new JobRefusedException("expected a column request, body or messages, or --prompt or --prompt-column,"
                + " found " + String.join(", ", names));
    }
}
