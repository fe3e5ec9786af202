package io.sparkvlm.job.input.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TypeMergeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    int                      | bigint                    | bigint
                    tinyint                  | smallint                  | smallint
                    int                      | double                    | double
                    int                      | float                     | double
                    smallint                 | float                     | float
                    bigint                   | double                    | double
                    float                    | double                    | double
                    float                    | float                     | float
                    decimal(9,2)             | decimal(20,0)             | decimal(22,2)
                    bigint                   | decimal(5,3)              | decimal(23,3)
                    decimal(9,2)             | double                    | double
                    decimal(38,0)            | decimal(38,10)            | none
                    void                     | array<string>             | array<string>
                    array<void>              | array<double>             | array<double>
                    void                     | void                      | void
                    date                     | timestamp_ntz             | timestamp_ntz
                    date                     | timestamp                 | none
                    timestamp_ntz            | timestamp                 | none
                    string                   | bigint                    | string
                    string                   | timestamp                 | none
                    string                   | binary                    | none
                    string                   | array<string>             | none
                    boolean                  | int                       | none
                    struct<a:int>            | int                       | none
                    struct<a:int,b:string>   | struct<B:string,c:date,a:bigint> | struct<a:bigint,b:string,c:date>
                    struct<a:struct<b:int>>  | struct<a:struct<b:binary>> | none
                    map<string,int>          | map<string,double>        | map<string,double>
                    array<struct<x:void>>    | array<struct<y:int>>      | array<struct<x:void,y:int>>
                    """)
    void holdsTheValuesOfBoth(String a, String b, String both) {
        assertThat(merged(TypeMerge.WIDER, a, b)).isEqualTo(both);
        // The other way around it is the same but for the order and case of names.
        assertThat(merged(TypeMerge.WIDER, b, a).length()).isEqualTo(both.length());
    }

    @Test
    void readsWithOneSchemaWhatDiffersInFieldsAndNotInTypes() {
        assertThat(merged(TypeMerge.EQUAL, "array<struct<a:int>>", "array<struct<b:string>>"))
                .isEqualTo("array<struct<a:int,b:string>>");
        assertThat(merged(TypeMerge.EQUAL, "array<struct<a:int>>", "array<struct<a:bigint>>"))
                .isEqualTo("none");
    }

    @Test
    void losesOnlyWhatItSays() {
        assertThat(WiderLeaf.loss(DataTypes.LongType, DataTypes.DoubleType)).isPresent();
        assertThat(WiderLeaf.loss(DataTypes.LongType, DataTypes.StringType)).isPresent();
        assertThat(WiderLeaf.loss(DataTypes.IntegerType, DataTypes.DoubleType)).isEmpty();
        assertThat(WiderLeaf.loss(DataTypes.NullType, DataTypes.StringType)).isEmpty();
        assertThat(TypeChange.of(type("struct<a:array<bigint>>"), type("struct<b:int,a:array<double>>")))
                .isPresent();
    }

    private static String merged(TypeMerge merge, String a, String b) {
        Optional<DataType> type = merge.of(type(a), type(b));
        return type.map(DataType::simpleString).orElse("none");
    }

    private static DataType type(String text) {
        return StructType.fromDDL("x " + text).apply(0).dataType();
    }
}
