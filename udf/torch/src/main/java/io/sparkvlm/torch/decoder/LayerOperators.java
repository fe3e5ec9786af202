package io.sparkvlm.torch.decoder;

import io.sparkvlm.torch.linear.LinearOperator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * A decoder layer's weights and operators.
 *
 * @param attentionNorm [width]; {@code mlpNorm} likewise
 * @param queriesKeysValues of the width; query heads, key heads, value heads
 * @param gateAndUp of the width; {@code down} takes half of what it gives
 */
public record LayerOperators(
        Tensor attentionNorm,
        LinearOperator queriesKeysValues,
        LinearOperator attentionOutput,
        Tensor mlpNorm,
        LinearOperator gateAndUp,
        LinearOperator down) {
    Stream<LinearOperator> products() {
        return Stream.of(queriesKeysValues, attentionOutput, gateAndUp, down);
    }
}
