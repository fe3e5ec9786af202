/**
 * Files of the web: a URL out of a request goes in, and the file comes out, or why there is none. Neither the author of
 * the request nor the server is trusted: only hosts and addresses that the job allows are dialled, for as long and for as
 * many bytes as it allows. Start reading at {@link io.sparkvlm.preprocessing.fetch.http.WebAccess}, then
 * {@link io.sparkvlm.preprocessing.fetch.http.WebStore}.
 */
package io.sparkvlm.preprocessing.fetch.http;
