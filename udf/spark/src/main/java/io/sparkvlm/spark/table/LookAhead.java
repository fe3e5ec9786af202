package io.sparkvlm.spark.table;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Looks one element ahead, where only the search for the next one tells whether there is one. */
public abstract class LookAhead<T> implements Iterator<T> {
    private Optional<T> next = Optional.empty();

    /** The next element; nothing where there is none any more. */
    protected abstract Optional<T> advance();

    @Override
    public boolean hasNext() {
        if (next.isEmpty()) {
            next = advance();
        }
        return next.isPresent();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the partition has no more rows");
        }
        T element = next.get();
        next = Optional.empty();
        return element;
    }
}
