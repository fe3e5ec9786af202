/**
 * From a chat to token ids and back: a valid chat and the grids of its media go in, the prompt's token ids, their
 * places for the media and their rotary positions come out; generated ids go in again and come out as text. What a
 * request wrote never becomes a control token on the way. Start reading at {@link
 * io.sparkvlm.preprocessing.prompt.PromptEncoder}.
 */
package io.sparkvlm.preprocessing.prompt;
