/**
 * Gets the bytes that a request points at: a reference goes in, and the file comes out, or the rejection that says why
 * there is none. Files lie in the request, in a column of its row, below an allowed folder, or on another machine that a
 * store opens. Start reading at {@link io.sparkvlm.preprocessing.fetch.MediaFetcher}, then
 * {@link io.sparkvlm.preprocessing.fetch.Downloads}.
 */
package io.sparkvlm.preprocessing.fetch;
