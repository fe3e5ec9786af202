package io.sparkvlm.engine.weights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.ConfigNode;
import io.sparkvlm.torch.quantization.Quantization;
import java.util.Optional;

/**
 * How config.json says that matrices lie in the order in which this project's kernels read them: as a quantization of its own
 * method, so that other programs refuse the folder by that name.
 */
final class Prepacking {
    private static final String FIELD = "quantization_config";
    private static final String METHOD = "quant_method";
    private static final String OWN = "sparkvlm";
    private static final String VERSION = "version";
    private static final String ROUNDED = "quantization";

    /** Of the order in linears.h; one that changes has another. */
    private static final int CURRENT = 1;

    private Prepacking() {}

    /** Whether the object that has a quantization_config says so. */
    static boolean isSaidBy(ConfigNode owner) {
        return owner.node(FIELD).path(METHOD).asText().equals(OWN);
    }

    /** What the matrices were rounded to; empty where they lie in the order of their inputs. */
    static Optional<Quantization> read(CheckpointConfig config) throws CheckpointException {
        if (!isSaidBy(config.root())) {
            return Optional.empty();
        }
        ConfigNode said = config.root().child(FIELD);
        if (said.integer(VERSION) != CURRENT) {
            throw said.fault(
                    VERSION,
                    CURRENT + ": run sparkvlm prepack of this version on the checkpoint that the folder was made from",
                    said.node(VERSION).toString());
        }
        try {
            return Optional.of(Quantization.parse(said.node(ROUNDED).asText()));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(said.file(), FIELD + "." + ROUNDED + ": " + e.getMessage(), e);
        }
    }

    /** Has config.json say so. */
    static void write(ObjectNode config, Quantization quantization) {
        config.putObject(FIELD).put(METHOD, OWN).put(VERSION, CURRENT).put(ROUNDED, quantization.wireName());
    }
}
