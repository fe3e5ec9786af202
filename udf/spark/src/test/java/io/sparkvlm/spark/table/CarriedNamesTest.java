package io.sparkvlm.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

final class CarriedNamesTest {
    @Test
    void keepsNamesThatAreFree() {
        assertThat(CarriedNames.of(fields("shop", "input_text", "texts")))
                .isEqualTo(fields("shop", "input_text", "texts"));
    }

    @Test
    void renamesWhatIsTakenWhateverItsCase() {
        assertThat(names("Text", "status", "prepared_model", "DUPLICATE_OF"))
                .containsExactly("input_Text", "input_status", "input_prepared_model", "input_DUPLICATE_OF");
    }

    @Test
    void leavesEveryOtherColumnItsName() {
        assertThat(names("INPUT_TEXT", "text", "input_text_2", "TEXT"))
                .containsExactly("INPUT_TEXT", "input_text_3", "input_text_2", "input_TEXT_4");
    }

    @Test
    void remembersTheNameOfTheInputAndWhatElseWasSaidOfTheColumn() {
        StructField media = new StructField(
                "media",
                DataTypes.BinaryType,
                true,
                new MetadataBuilder().putString("unit", "bytes").build());
        StructField carried = CarriedNames.of(List.of(media)).get(0);
        assertThat(CarriedNames.inputName(carried)).isEqualTo("media");
        assertThat(carried.metadata().getString("unit")).isEqualTo("bytes");
        assertThat(CarriedNames.changes(new StructType().add(carried).add("shop", DataTypes.StringType)))
                .singleElement()
                .asString()
                .contains("column media is carried as input_media");
    }

    private static List<String> names(String... names) {
        return CarriedNames.of(fields(names)).stream().map(StructField::name).toList();
    }

    private static List<StructField> fields(String... names) {
        return Arrays.stream(names)
                .map(name -> DataTypes.createStructField(name, DataTypes.StringType, true))
                .toList();
    }
}
