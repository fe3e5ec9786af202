package io.sparkvlm.spark.table;

import java.util.Iterator;
import java.util.function.Function;

/** Maps each element as it is asked for. */
public record MappedIterator<S, T>(Iterator<S> upstream, Function<S, T> function) implements Iterator<T> {
    @Override
    public boolean hasNext() {
        return upstream.hasNext();
    }

    @Override
    public T next() {
        return function.apply(upstream.next());
    }
}
