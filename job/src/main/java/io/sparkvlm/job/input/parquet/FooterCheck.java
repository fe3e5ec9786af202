package io.sparkvlm.job.input.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Checks that what a footer says fits together and into its file, so that a damaged one is found before any task reads.
 */
final class FooterCheck {
    private static final int MAGIC_BYTES = 4;
    private static final int MAX_DEPTH = 200;

    private final FileMetaData footer;
    private final long footerStart;
    private final List<Leaf> leaves = new ArrayList<>();

    /** A column of values, as the schema names it. */
    private record Leaf(List<String> path, Type type, boolean repeated) {}

    /** @param footerStart the file's byte at which its pages end */
    FooterCheck(FileMetaData footer, long footerStart) {
        this.footer = footer;
        this.footerStart = footerStart;
    }

    void check() throws BrokenFooterException {
        checkSchema();
        long rows = 0;
        for (int i = 0; i < footer.getRow_groupsSize(); i++) {
            RowGroup group = footer.getRow_groups().get(i);
            checkGroup(group, "row group " + i);
            rows += group.getNum_rows();
        }
        require(
                rows == footer.getNum_rows() || footer.getNum_rows() == 0, // some writers do not count
                "it is said to have " + footer.getNum_rows() + " rows, and its row groups have " + rows);
    }

    private void checkSchema() throws BrokenFooterException {
        require(footer.getSchemaSize() > 0, "its schema is empty");
        int end = walk(0, List.of(), false, 0);
        require(
                end == footer.getSchemaSize(),
                "its schema has " + footer.getSchemaSize() + " elements, of which " + end + " are in its tree");
    }

    /** Returns the index after the element and all below it. */
    private int walk(int index, List<String> above, boolean repeatedAbove, int depth) throws BrokenFooterException {
        require(index < footer.getSchemaSize(), "its schema ends before its tree does");
        require(depth < MAX_DEPTH, "its schema is more than " + MAX_DEPTH + " levels deep");
        SchemaElement element = footer.getSchema().get(index);
        boolean root = depth == 0;
        require(root || element.getRepetition_type() != null, "its schema does not say how often a field may stand");
        List<String> path = new ArrayList<>(above);
        if (!root) {
            path.add(element.getName());
        }
        require(
                !element.isSetLogicalType() || element.getLogicalType().getSetField() != null,
                "the column " + String.join(".", path) + " is of a type that is newer than this Spark's Parquet");
        boolean repeated = repeatedAbove || (!root && element.getRepetition_type() == FieldRepetitionType.REPEATED);
        if (element.isSetType() && element.getNum_children() == 0) {
            leaves.add(new Leaf(path, element.getType(), repeated));
            return index + 1;
        }
        require(!element.isSetType(), "its schema has a group with a type of values");
        require(element.getNum_children() > 0 || root, "its schema has a group without fields");
        int next = index + 1;
        for (int child = 0; child < element.getNum_children(); child++) {
            next = walk(next, path, repeated, depth + 1);
        }
        return next;
    }

    private void checkGroup(RowGroup group, String where) throws BrokenFooterException {
        require(group.getNum_rows() >= 0, where + " is said to have " + group.getNum_rows() + " rows");
        require(
                group.getColumnsSize() == leaves.size(),
                where + " has " + group.getColumnsSize() + " columns, and its schema " + leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            Leaf leaf = leaves.get(i);
            checkChunk(
                    group.getColumns().get(i),
                    leaf,
                    group.getNum_rows(),
                    "the column " + String.join(".", leaf.path()) + " of " + where);
        }
    }

    private void checkChunk(ColumnChunk chunk, Leaf leaf, long rows, String where) throws BrokenFooterException {
        require(!chunk.isSetCrypto_metadata() && !footer.isSetEncryption_algorithm(), where + " is encrypted");
        require(chunk.getMeta_data() != null, where + " has no description");
        require(!chunk.isSetFile_path(), where + " lies in another file");
        ColumnMetaData column = chunk.getMeta_data();
        require(leaf.path().equals(column.getPath_in_schema()), where + " is called otherwise in the schema");
        require(leaf.type() == column.getType(), where + " is of another type in the schema");
        require(column.getCodec() != null, where + " is compressed in a way that is not known");
        require(
                isThere(CompressionCodecName.fromParquet(column.getCodec())),
                where + " is compressed with " + column.getCodec() + ", which this Spark has not");
        require(
                column.getEncodingsSize() == 0 || !column.getEncodings().contains(null),
                where + " is encoded in a way that is not known");
        long values = column.getNum_values();
        require(
                leaf.repeated() ? values >= rows : values == rows,
                where + " is said to have " + values + " values for " + rows + " rows");
        checkPlace(column, where);
    }

    private void checkPlace(ColumnMetaData column, String where) throws BrokenFooterException {
        long data = column.getData_page_offset();
        long dictionary = column.getDictionary_page_offset();
        long start = column.isSetDictionary_page_offset() && dictionary > 0 && dictionary < data ? dictionary : data;
        long bytes = column.getTotal_compressed_size();
        boolean empty = column.getNum_values() == 0; // pyarrow puts the pages of a table without rows at byte 0
        require(
                empty || (start >= MAGIC_BYTES && bytes > 0 && bytes <= footerStart - start && data < start + bytes),
                where + " is said to lie at byte " + start + " with " + bytes + " bytes, and the file's pages end at "
                        + footerStart);
        require(
                column.getTotal_uncompressed_size() >= 0,
                where + " is said to have " + column.getTotal_uncompressed_size() + " bytes");
    }

    private static boolean isThere(CompressionCodecName codec) {
        String hadoop = codec.getHadoopCompressionCodecClassName();
        if (hadoop == null) {
            return true;
        }
        try {
            Class.forName(hadoop, false, Thread.currentThread().getContextClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static void require(boolean holds, String otherwise) throws BrokenFooterException {
        if (!holds) {
            throw new BrokenFooterException(otherwise);
        }
    }
}
