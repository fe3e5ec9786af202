package io.sparkvlm.job.input;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.CarriedColumns;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.PreparedTable;
import io.sparkvlm.spark.table.RequestTable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructType;

/** Refuses to leave out what is not there. */
public final class DropColumns {
    private DropColumns() {}

    /**
     * Checks that the columns that are to be left out are among those that are carried.
     *
     * @param table of requests, or prepared
     */
    public static void require(StructType table, Set<String> names) throws JobRefusedException {
        CarriedColumns carried = table.getFieldIndex(Columns.REQUEST).isDefined()
                ? RequestTable.of(table).carried()
                : PreparedTable.of(table).carried();
        Set<String> missing = new TreeSet<>(names);
        List<String> known = carried.inputNames();
        known.forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw new JobRefusedException("expected --drop-columns to name columns that are carried ("
                    + String.join(", ", known) + "), found " + String.join(", ", missing));
        }
    }
}
