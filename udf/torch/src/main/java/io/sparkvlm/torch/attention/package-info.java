/**
 * Attention in the way that is fastest on a device. Queries, keys and values go in, as they are or in blocks of a cache; what
 * the queries attend to comes out. Start reading at {@link io.sparkvlm.torch.attention.AttentionOperator}.
 */
package io.sparkvlm.torch.attention;
