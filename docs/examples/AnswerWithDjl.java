import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.sparkvlm.job.djl.ChatTranslatorFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Answers a file of requests, one OpenAI body or Batch line a line, as a model of DJL's, and writes the answers as lines. */
public final class AnswerWithDjl {
    private AnswerWithDjl() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            throw new IllegalArgumentException("expected MODEL REQUESTS MEDIA ANSWERS, found " + args.length + " words");
        }
        Criteria<Input, Output> criteria = Criteria.builder()
                .setTypes(Input.class, Output.class)
                .optEngine("SparkVLM")
                .optModelPath(Path.of(args[0]))
                .optTranslatorFactory(new ChatTranslatorFactory())
                // The options are those of the command line.
                .optOption("allowed-local-media-path", args[2])
                .build();
        List<Input> requests =
                Files.readAllLines(Path.of(args[1])).stream().map(AnswerWithDjl::input).toList();
        try (ZooModel<Input, Output> model = criteria.loadModel();
                Predictor<Input, Output> predictor = model.newPredictor()) {
            // The requests of a batch are in the engine together. One that is refused has a status of its own.
            List<Output> answers = predictor.batchPredict(requests);
            Files.write(
                    Path.of(args[3]),
                    answers.stream().map(answer -> answer.getCode() + " " + answer.getAsString(0)).toList());
        }
    }

    private static Input input(String json) {
        Input input = new Input();
        input.add(json);
        return input;
    }
}
