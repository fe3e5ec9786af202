/**
 * What a layer does to each row by itself: norms, rotary turns, gates. Rows go in and come out. Start reading at {@link
 * io.sparkvlm.torch.rows.RowOperators}.
 */
package io.sparkvlm.torch.rows;
