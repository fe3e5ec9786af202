package io.sparkvlm.job.run;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says, a line each, what of the input is not as one would expect: from the first answers on, because an input that is
 * refused before has its refusal alone.
 *
 * <p>Thread-safe: the job's thread takes notes, and that of the progress tells them.
 */
final class Notes implements Consumer<String> {
    private final PrintWriter out;
    private final List<String> untold = new ArrayList<>();

    Notes(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void accept(String note) {
        untold.add(note);
    }

    /**
     * Says what was not said yet.
     *
     * @param before each line, to clear what a terminal shows in its place
     */
    synchronized void tell(String before) {
        untold.forEach(note -> out.println(before + "sparkvlm: " + note));
        out.flush();
        untold.clear();
    }

    /** Where the job says other things, too. */
    PrintWriter out() {
        return out;
    }
}
