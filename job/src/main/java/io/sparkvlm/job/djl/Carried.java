package io.sparkvlm.job.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.util.passthrough.PassthroughNDArray;
import java.util.List;

/** Carries requests to a predictor and answers back, in arrays of DJL's that hold an object each. */
final class Carried {
    private Carried() {}

    static NDList in(NDManager manager, List<?> objects) {
        NDList arrays = new NDList(objects.size());
        objects.forEach(object -> arrays.add(new PassthroughNDArray(manager, object)));
        return arrays;
    }

    static <T> List<T> out(NDList arrays, Class<T> type) {
        return arrays.stream().map(array -> out(array, type)).toList();
    }

    private static <T> T out(NDArray array, Class<T> type) {
        if (array instanceof PassthroughNDArray carrier && type.isInstance(carrier.getObject())) {
            return type.cast(carrier.getObject());
        }
        throw new IllegalArgumentException(
                "expected arrays as the translators of ChatTranslatorFactory make them, found "
                        + array.getClass().getName());
    }
}
