/**
 * Chat completions of servers that speak OpenAI's protocol: the bodies of requests go in. Their answers come out, or the
 * reasons why there are none. An executor may start the server itself. Knows no Spark. Start reading at {@link io.sparkvlm.spark.remote.RemoteServers}.
 */
package io.sparkvlm.spark.remote;
