/**
 * OpenAI's chat format, as text and nothing more: the JSON of a row goes in and comes out as values that know where in
 * the request they stand, or an answer goes in and comes out as chat.completion JSON. Nothing is judged here. Start
 * reading at {@link io.sparkvlm.preprocessing.openai.RequestLine}.
 */
package io.sparkvlm.preprocessing.openai;
