package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.job.text.JobRefusedException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Requests that are made of a prompt and of columns with images and videos, which they refer to. */
record PicturesAndPrompt(PromptText prompt, Column messages, ParameterColumns parameters) implements RequestLayout {
    static PicturesAndPrompt of(PromptTemplate prompt, ColumnRoles roles, StructType schema)
            throws JobRefusedException {
        PromptText text = PromptText.of(prompt, schema);
        RowMedia media = RowMedia.named(roles, schema);
        Column messages = udf(new PromptMessages(roles.system().orElse("")), DataTypes.StringType)
                .apply(text.text(), media.imageReferences(), media.videoReferences());
        return new PicturesAndPrompt(text, messages, ParameterColumns.ofSampling(schema));
    }

    @Override
    public Column request() {
        return struct(parameters.body(messages), prompt.fault()).cast(MadeRequest.TYPE);
    }

    /** What was asked stays beside the answer. */
    @Override
    public boolean takes(StructField field) {
        return parameters.fields().contains(field);
    }

    @Override
    public boolean mayBeBatchLines() {
        return false;
    }
}
