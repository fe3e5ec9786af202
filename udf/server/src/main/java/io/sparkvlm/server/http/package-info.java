/**
 * HTTP without waiting: connections, bodies as they come, and one end for each exchange go in and out of Jetty here. Nothing of it
 * knows what is asked or answered. Start reading at {@link io.sparkvlm.server.http.Routes}, then {@link
 * io.sparkvlm.server.http.Exchange}.
 */
package io.sparkvlm.server.http;
