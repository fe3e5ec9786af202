/**
 * Fields of the user's own in lines of JSON: what their values are in all lines goes in, columns of the types that hold
 * them without loss come out. Start reading at {@link io.sparkvlm.job.input.fields.FieldColumns}.
 */
package io.sparkvlm.job.input.fields;
