package io.sparkvlm.job.djl;

import ai.djl.modality.Input;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the requests that predictors take. */
final class RequestReader {
    /** By their classes. */
    static final Map<Class<?>, Function<Object, RequestRow>> ALL = Map.of(
            String.class, json -> ofJson((String) json),
            RequestRow.class, row -> (RequestRow) row,
            Input.class, input -> ofJson(((Input) input).getData().getAsString()));

    private RequestReader() {}

    /** Named by what it holds: a request that draws tokens draws the same ones each time. */
    private static RequestRow ofJson(String json) {
        return new RequestRow(Sha256.hex(json), Optional.empty(), json, new BinaryColumns(Map.of()));
    }
}
