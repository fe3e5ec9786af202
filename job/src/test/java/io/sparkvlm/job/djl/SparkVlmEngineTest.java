package io.sparkvlm.job.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.sparkvlm.job.demo.AnswerKey;
import io.sparkvlm.job.demo.DemoFolder;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SparkVlmEngineTest {
    private static final int QUESTIONS = 4;

    @TempDir
    private static Path folder;

    private static DemoFolder demo;
    private static List<String> requests;
    private static List<String> known;

    @BeforeAll
    static void writeTheDemo() throws IOException {
        demo = DemoFolder.prepare(folder);
        requests = Files.readAllLines(demo.requests()).subList(0, QUESTIONS);
        known = AnswerKey.read(demo.path()).questions().subList(0, QUESTIONS).stream()
                .map(question -> question.answer())
                .toList();
    }

    @Test
    void answersABatchAsTheJobDoes() throws Exception {
        try (ZooModel<String, Completion> model =
                        criteria(String.class, Completion.class).build().loadModel();
                Predictor<String, Completion> predictor = model.newPredictor()) {
            assertThat(predictor.batchPredict(requests))
                    .extracting(Completion::text)
                    .isEqualTo(known);
            assertThat(predictor.predict(requests.get(1)).text()).isEqualTo(known.get(1));
        }
    }

    @Test
    void answersRowsWithIdsOfTheCallersByText() throws Exception {
        try (ZooModel<RequestRow, String> model =
                        criteria(RequestRow.class, String.class).build().loadModel();
                Predictor<RequestRow, String> predictor = model.newPredictor()) {
            RequestRow row = new RequestRow("mine", Optional.empty(), requests.get(0), new BinaryColumns(Map.of()));
            assertThat(predictor.predict(row)).isEqualTo(known.get(0));
            RequestRow refused = new RequestRow("mine", Optional.empty(), "nonsense", new BinaryColumns(Map.of()));
            assertThatThrownBy(() -> predictor.predict(refused))
                    .isInstanceOf(TranslateException.class)
                    .hasMessageContaining("invalid_json_line");
        }
    }

    @Test
    void aRefusedRequestIsAnOutputOfItsOwn() throws Exception {
        try (ZooModel<Input, Output> model =
                        criteria(Input.class, Output.class).build().loadModel();
                Predictor<Input, Output> predictor = model.newPredictor()) {
            List<Output> outputs = predictor.batchPredict(List.of(input("nonsense"), input(requests.get(0))));
            assertThat(outputs).extracting(Output::getCode).containsExactly(400, 200);
            assertThat(outputs.get(0).getAsString(0)).contains("\"code\":\"invalid_json_line\"");
            assertThat(outputs.get(1).getAsString(0)).contains("\"content\":\"" + known.get(0) + "\"");
        }
    }

    @Test
    void aModelIsLoadedOnceAndHasNoPredictorsAfterItsEnd() throws Exception {
        try (Model model = Model.newInstance("demo", SparkVlmEngine.NAME)) {
            assertHasNoPredictors(model);
            model.load(demo.model());
            assertThatThrownBy(() -> model.load(demo.model()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("found one that is: close it");
            model.close();
            assertHasNoPredictors(model);
        }
    }

    /** Also as an {@link Output}, which holds the errors of rows. */
    @Test
    void aPredictorOfAModelThatIsClosedSaysSo() throws Exception {
        ZooModel<Input, Output> model =
                criteria(Input.class, Output.class).build().loadModel();
        try (Predictor<Input, Output> predictor = model.newPredictor()) {
            assertThat(predictor.predict(input(requests.get(0))).getCode()).isEqualTo(200);
            model.close();
            assertThatThrownBy(() -> predictor.predict(input(requests.get(0))))
                    .isInstanceOf(TranslateException.class)
                    .hasMessage("expected a model that is open, found one that is closed: load it again")
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    private static void assertHasNoPredictors(Model model) {
        assertThatThrownBy(() -> model.newPredictor(
                        new ChatTranslatorFactory().newInstance(String.class, Completion.class, model, Map.of())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call load before");
    }

    @Test
    void isNotTheEngineOfProgramsThatNameNone() {
        assertThat(Engine.getAllEngines()).contains(SparkVlmEngine.NAME);
        assertThat(Engine.getDefaultEngineName()).isNotEqualTo(SparkVlmEngine.NAME);
    }

    @Test
    void refusesWhatItDoesNotTake() {
        assertThatThrownBy(() -> criteria(String.class, Completion.class)
                        .optOption("max-num-seq", "8")
                        .build()
                        .loadModel())
                .isInstanceOf(MalformedModelException.class)
                .hasMessage("unknown key \"max-num-seq\"; the nearest is \"max-num-seqs\"");
        assertThatThrownBy(() -> criteria(String.class, Completion.class)
                        .optOption("engine", "openai")
                        .optOption("engine-url", "http://127.0.0.1:1")
                        .optOption("engine-model", "other")
                        .build()
                        .loadModel())
                .hasMessageContaining("found openai");
        assertThatThrownBy(() -> criteria(String.class, Integer.class).build().loadModel())
                .isInstanceOf(ModelNotFoundException.class);
    }

    private static <I, O> Criteria.Builder<I, O> criteria(Class<I> input, Class<O> output) {
        return Criteria.builder()
                .setTypes(input, output)
                .optEngine(SparkVlmEngine.NAME)
                .optModelPath(demo.model())
                .optTranslatorFactory(new ChatTranslatorFactory())
                .optOption("allowed-local-media-path", demo.path().toString());
    }

    private static Input input(String json) {
        Input input = new Input();
        input.add(json);
        return input;
    }
}
