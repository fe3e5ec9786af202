/**
 * What a valid request says: its conversation, its media and how its answer is generated, with every default filled in.
 * These values come out of the validation and go into prompts and planning; nothing checks them again. Start reading at
 * {@link io.sparkvlm.preprocessing.request.ValidRequest}.
 */
package io.sparkvlm.preprocessing.request;
