package io.sparkvlm.preprocessing.request.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.Messages;
import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever it says, a line is a request or an error in OpenAI's words. A fuzzer, or a test, brings it. */
public final class RequestFuzz {
    private static final List<String> LINES = List.of(
            """
                    {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"model","messages":[\
                    {"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"image_url","image_url":\
                    {"url":"data:image/png;base64,iVBORw0KGgo=","min_pixel":3136,"max_pixel":1003520,"detail":"low"}},\
                    {"type":"text","text":"What is \\ud83d\\ude00?"}]},{"role":"assistent","content":null}]}}""",
            """
                    {"messages":[{"role":"user","content":[{"type":"video_url","video_url":{"url":["a","b"],"fps":1.5,\
                    "total_pixels":100352}},{"type":"video","video":["c"],"nframes":1},{"type":"image","image":"d"}]}],\
                    "max_completion_tokens":10,"max_tokens":9,"temperature":0.5,"top_p":1,"top_k":-1,"min_p":0,"stop":\
                    ["a","b"],"seed":-9223372036854775808,"logprobs":true,"top_logprobs":20,"n":1,"stream":false}""",
            """
                    {"messages":[{"role":"developer","content":"x","name":"y"}],"frequency_penalty":-2,\
                    "presence_penalty":2e0,"repetition_penalty":1.1,"ignore_eos":true,"min_tokens":3,"stop_token_ids":\
                    [1,2],"skip_special_tokens":false,"response_format":{"type":"json_object"},"tools":null,"user":"u",\
                    "metadata":{"k":[[[[]]]]},"unknown\\u0000":1E400,"logit_bias":{}}""");

    private RequestFuzz() {}

    public static List<byte[]> seeds() {
        return LINES.stream().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        isTaken(new String(bytes, StandardCharsets.UTF_8));
    }

    /** Whether the line is a request; if not, the error said no more than it may. */
    public static boolean isTaken(String line) {
        return Requests.validate(Requests.RULES, line)
                .fold(
                        request -> {
                            GenerationParams params = request.chat().generation();
                            assertThat(GenerationParamsJson.read(GenerationParamsJson.write(params)))
                                    .isEqualTo(params);
                            return true;
                        },
                        rejection -> {
                            Messages.assertClean(rejection, line);
                            return false;
                        });
    }
}
