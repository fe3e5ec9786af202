package io.sparkvlm.spark.table;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.Rejection;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Turns a rejection into the tables' {@code error} column, and back. */
final class ErrorFields {
    private ErrorFields() {}

    static Row of(Rejection rejection) {
        return RowFactory.create(
                rejection.code().wireName(),
                rejection.code().type().wireName(),
                rejection.message(),
                rejection.param().orElse(null));
    }

    static Rejection read(Row error) {
        return new Rejection(
                ErrorCode.parse(error.getString(0)), error.getString(2), Optional.ofNullable(error.getString(3)));
    }
}
