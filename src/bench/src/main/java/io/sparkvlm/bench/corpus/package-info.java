/**
 * What becomes of files that strangers made: folders of pictures, videos, requests or text go in. Outcomes by kind come
 * out, and how pictures differ from those that other decoders made of the same files. Start reading at {@link
 * io.sparkvlm.bench.corpus.CorpusBench}.
 */
package io.sparkvlm.bench.corpus;
