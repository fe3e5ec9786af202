/**
 * Which requests are right: a request as it came goes in, a request in which every field is of its type and range, every
 * default is filled in and every param has its path comes out, or the rejection that says what is wrong and where.
 * Nothing after this package checks a field again. Start reading at {@link
 * io.sparkvlm.preprocessing.request.RequestValidator}.
 */
package io.sparkvlm.preprocessing.request;
