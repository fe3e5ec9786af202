package io.sparkvlm.bench.peers;

import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.djl.ChatTranslatorFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Answers a file of requests in one batch, in a process that has no Spark: what the job's engine would do by itself. */
final class BareEngine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BareEngine() {}

    /**
     * Answers a file of requests.
     *
     * @param args the checkpoint, the requests, the answers to write, and {@code NAME=VALUE} options of the model
     */
    public static void main(String[] args) throws Exception {
        Path requests = Path.of(args[1]);
        Criteria.Builder<Input, Output> criteria = Criteria.builder()
                .setTypes(Input.class, Output.class)
                .optEngine("SparkVLM")
                .optModelPath(Path.of(args[0]))
                .optTranslatorFactory(new ChatTranslatorFactory());
        for (String option : List.of(args).subList(3, args.length)) {
            String[] pair = option.split("=", 2);
            criteria.optOption(pair[0], pair[1]);
        }
        List<String> lines = Files.readAllLines(requests);
        try (ZooModel<Input, Output> model = criteria.build().loadModel();
                Predictor<Input, Output> predictor = model.newPredictor()) {
            List<Output> answers =
                    predictor.batchPredict(lines.stream().map(BareEngine::input).toList());
            List<String> written = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                written.add(row(JSON.readTree(lines.get(i)), answers.get(i)).toString());
            }
            Files.write(Path.of(args[2]), written);
        }
    }

    private static Input input(String request) {
        Input input = new Input();
        input.add(request);
        return input;
    }

    /** As a line of the job's output. */
    private static ObjectNode row(JsonNode request, Output answer) throws java.io.IOException {
        ObjectNode row = JSON.createObjectNode();
        row.set("custom_id", request.required("custom_id"));
        row.putObject("response").set("body", JSON.readTree(answer.getAsString(0)));
        return row;
    }
}
