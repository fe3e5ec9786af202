/**
 * Files of the web: a URL out of a request goes in, and the file comes out, or why there is none. Whoever wrote the
 * request is not trusted, nor is the server: only hosts and addresses that the job allows are dialled, for as long and
 * for as many bytes as it allows. Start reading at {@link io.sparkvlm.preprocessing.media.http.WebAccess}, then
 * {@link io.sparkvlm.preprocessing.media.http.WebStore}.
 */
package io.sparkvlm.preprocessing.media.http;
