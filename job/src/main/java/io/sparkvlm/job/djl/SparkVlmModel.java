package io.sparkvlm.job.djl;

import ai.djl.BaseModel;
import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.translate.Translator;
import io.sparkvlm.job.cli.GenerateOptionsParser;
import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.job.run.LocalModel;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** A checkpoint as a model of DJL's, whose predictors share one engine. */
final class SparkVlmModel extends BaseModel {
    private LocalModel open;

    SparkVlmModel(String name, NDManager manager) {
        super(name);
        this.manager = manager;
        this.dataType = DataType.UNKNOWN; // the option dtype says it
    }

    /**
     * Opens the checkpoint with its engine, once: predictors keep that engine.
     *
     * @param options those of {@code generate} without their dashes
     */
    @Override
    public void load(Path folder, String prefix, Map<String, ?> options) throws IOException, MalformedModelException {
        if (open != null) {
            throw new IllegalStateException(
                    "expected a model that is not loaded, found one that is: close it, or load another");
        }
        setModelDir(folder);
        Map<String, String> values = new HashMap<>();
        deviceOption(manager.getDevice(), values);
        if (options != null) { // as DJL calls it without any
            options.forEach((key, value) -> values.put(key, String.valueOf(value)));
        }
        values.put("model", modelDir.toString());
        properties.putAll(values);
        open = LocalModel.open(config(values));
        wasLoaded = true;
    }

    private static void deviceOption(Device device, Map<String, String> values) {
        if (device != null && device.isGpu()) {
            values.put("device", "cuda:" + device.getDeviceId());
        }
    }

    private static InferenceConfig config(Map<String, String> values) throws MalformedModelException {
        try {
            InferenceConfig config = GenerateOptionsParser.parse(values, OptionDefaults.none())
                    .config(SparkHadoopUtil.get().newConfiguration(new SparkConf(false)));
            if (config.engine().isRemote()) {
                throw new JobRefusedException(
                        "expected the option engine as own, found openai, whose servers answer jobs only");
            }
            return config;
        } catch (JobRefusedException e) {
            throw new MalformedModelException(e.getMessage(), e);
        }
    }

    @Override
    public <I, O> Predictor<I, O> newPredictor(Translator<I, O> translator, Device device) {
        if (open == null) {
            throw new IllegalStateException("expected a model that is loaded, found one that is not: call load before");
        }
        return new SparkVlmPredictor<>(this, translator, open);
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
        super.close();
    }
}
