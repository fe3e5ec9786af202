package io.sparkvlm.job.input.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.spark.sql.types.Decimal;

/**
 * Holds what a file's footer says of its columns. All else that it says is checked when it is read.
 *
 * @param metadata that the file's writer added
 * @param encodings of the values
 */
record ParquetFooter(MessageType schema, Map<String, String> metadata, Set<Encoding> encodings) {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCRYPTED_MAGIC = "PARE".getBytes(StandardCharsets.US_ASCII);
    /** The footer's length and the magic behind it. */
    private static final int TAIL_BYTES = 8;

    private static final String CRYPTO_FACTORY = "parquet.crypto.factory.class";

    static ParquetFooter read(Path path, Configuration hadoop) throws BrokenFooterException, IOException {
        InputFile file = HadoopInputFile.fromPath(path, hadoop);
        ParquetReadOptions options = HadoopReadOptions.builder(hadoop, path).build();
        if (hadoop.get(CRYPTO_FACTORY) != null) { // which has the keys, if the file needs any
            try (ParquetFileReader reader = ParquetFileReader.open(file, options)) {
                return of(reader.getFooter());
            }
        }
        byte[] footer = bytes(file);
        try {
            FileMetaData said = Util.readFileMetaData(new ByteArrayInputStream(footer));
            new FooterCheck(said, file.getLength() - TAIL_BYTES - footer.length).check();
            return of(new ParquetMetadataConverter(options).fromParquetMetadata(said));
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // What a parser throws at bytes that are none of Parquet's: it says where the parser was, and not what is
            // wrong.
            throw new BrokenFooterException(
                    "the " + footer.length + " bytes of its footer do not say what a Parquet file holds", e);
        }
    }

    /**
     * Whether only Parquet's own reader, which reads row by row, has all encodings of the values: Spark's reader of whole
     * columns lacks one, and decimals of few digits that are written as bytes of any number.
     */
    boolean isForRowsOnly() {
        return encodings.contains(Encoding.BYTE_STREAM_SPLIT)
                || schema.getColumns().stream()
                        .map(ColumnDescriptor::getPrimitiveType)
                        .anyMatch(type -> type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                                && type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal
                                && decimal.getPrecision() <= Decimal.MAX_LONG_DIGITS());
    }

    private static ParquetFooter of(ParquetMetadata metadata) {
        return new ParquetFooter(
                metadata.getFileMetaData().getSchema(),
                Map.copyOf(metadata.getFileMetaData().getKeyValueMetaData()),
                metadata.getBlocks().stream()
                        .flatMap(group -> group.getColumns().stream())
                        .flatMap(column -> column.getEncodings().stream())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static byte[] bytes(InputFile file) throws BrokenFooterException, IOException {
        long length = file.getLength();
        if (length < MAGIC.length + TAIL_BYTES) {
            throw new BrokenFooterException("it has " + length + " bytes, fewer than an empty table");
        }
        try (SeekableInputStream in = file.newStream()) {
            byte[] head = new byte[MAGIC.length];
            in.readFully(head);
            byte[] tail = new byte[TAIL_BYTES];
            in.seek(length - TAIL_BYTES);
            in.readFully(tail);
            requireMagic(head, Arrays.copyOfRange(tail, TAIL_BYTES - MAGIC.length, TAIL_BYTES));
            int footerBytes =
                    ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
            long start = length - TAIL_BYTES - footerBytes;
            if (footerBytes <= 0 || start < MAGIC.length) {
                throw new BrokenFooterException("its footer is said to have " + Integer.toUnsignedString(footerBytes)
                        + " bytes, and the file has " + length);
            }
            byte[] footer = new byte[footerBytes];
            in.seek(start);
            in.readFully(footer);
            return footer;
        }
    }

    private static void requireMagic(byte[] head, byte[] end) throws BrokenFooterException {
        if (Arrays.equals(end, ENCRYPTED_MAGIC)) {
            throw new BrokenFooterException(
                    "it is encrypted, and " + CRYPTO_FACTORY + " names nothing that has its keys");
        }
        if (Arrays.equals(end, MAGIC)) {
            return;
        }
        throw new BrokenFooterException(
                Arrays.equals(head, MAGIC)
                        ? "it begins as Parquet and does not end so: it was cut off, or not written to its end"
                        : "expected PAR1 in its last four bytes, found "
                                + HexFormat.ofDelimiter(" ").formatHex(end));
    }
}
