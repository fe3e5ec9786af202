/**
 * OpenAI's chat completions over HTTP: requests of any client go in, each is judged, prepared and answered as the job does it, and
 * answers go out whole or as they are generated. No thread waits for a client, for another machine or for the engine. Start
 * reading at {@link io.sparkvlm.server.VlmServer}, then {@code ChatService} and {@code ChatCall}.
 */
package io.sparkvlm.server;
