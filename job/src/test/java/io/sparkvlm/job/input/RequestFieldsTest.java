package io.sparkvlm.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Holds what people read of the fields of a request, and the columns of their names, to the validator's lists. */
final class RequestFieldsTest {
    private static final Path CHECKOUT = Path.of("..");
    private static final Pattern IN_FORCE = Pattern.compile("^\\| in force \\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern IDLE =
            Pattern.compile("^\\| taken where it asks for nothing \\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern VALUE = Pattern.compile("`(\"[a-z_]+\": [^`]+)`");
    private static final Pattern FIELD = Pattern.compile("`([a-z_]+)`");

    @Test
    void theDocumentationListsTheFieldsThatAreInForce() throws IOException {
        try (Stream<Path> docs = Files.walk(CHECKOUT.resolve("docs"))) {
            List<Path> pages = Stream.concat(
                            Stream.of(CHECKOUT.resolve("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList();
            String row = "";
            for (Path page : pages) {
                row += IN_FORCE.matcher(Files.readString(page))
                        .results()
                        .map(MatchResult::group)
                        .findFirst()
                        .orElse("");
            }
            assertThat(FIELD.matcher(row).results().map(field -> field.group(1)))
                    .containsExactlyInAnyOrderElementsOf(RequestValidator.honouredFields());
        }
    }

    @Test
    void thePageOfRequestsListsTheValuesThatAskForNothing() throws IOException {
        String page = Files.readString(CHECKOUT.resolve("docs/reference/requests.md"));
        String row = IDLE.matcher(page).results().map(MatchResult::group).collect(Collectors.joining());
        Stream<String> values = RequestValidator.valuesThatAskForNothing().entrySet().stream()
                .flatMap(field -> field.getValue().stream()
                        .filter(value -> !value.isDouble()) // of 1 and 1.0 one is enough
                        .map(value -> "\"" + field.getKey() + "\": " + value));

        assertThat(VALUE.matcher(row).results().map(value -> value.group(1)))
                .containsExactlyInAnyOrderElementsOf(values.toList());
    }

    @Test
    void everyFieldThatSaysHowToAnswerIsAParameterAsAColumnToo() throws Exception {
        List<String> fields = Stream.concat(
                        RequestValidator.honouredFields().stream(), RequestValidator.singleValuedFields().stream())
                .toList();
        StructType schema = new StructType().add("note", DataTypes.StringType);
        for (String field : fields) {
            schema = schema.add(field, DataTypes.StringType);
        }
        assertThat(RequestColumns.of(schema, ColumnRoles.NONE).carried())
                .extracting(StructField::name)
                .containsExactly("note");
    }
}
