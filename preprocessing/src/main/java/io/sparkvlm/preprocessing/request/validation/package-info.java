/**
 * Which requests are right: a request as it came goes in, a request in which every field is of its type and range, every
 * default is filled in and every param has its path comes out, or the rejection that says what is wrong and where. The
 * first fault found ends the reading. Start reading at
 * {@link io.sparkvlm.preprocessing.request.validation.RequestValidator}.
 */
package io.sparkvlm.preprocessing.request.validation;
