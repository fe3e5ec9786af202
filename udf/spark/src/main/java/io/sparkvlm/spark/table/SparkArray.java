package io.sparkvlm.spark.table;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Turns a list into the value of an array column. The value is always a Seq, because a row that goes from one of our
 * functions straight into the next is handed over as it is, and {@link org.apache.spark.sql.Row#getList} understands
 * nothing else.
 */
final class SparkArray {
    private SparkArray() {}

    static <T> Seq<T> of(List<T> values) {
        return CollectionConverters.asScala(values).toSeq();
    }
}
