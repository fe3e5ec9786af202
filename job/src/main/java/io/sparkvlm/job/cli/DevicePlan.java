package io.sparkvlm.job.cli;

import io.sparkvlm.engine.MemoryPlan;
import io.sparkvlm.engine.PublishedModel;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.job.plan.PlanReport;
import io.sparkvlm.job.plan.Planner;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.spark.settings.ModelFolder;
import io.sparkvlm.torch.device.DeviceSpec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Plans a model's memory on a device, of which neither weights nor device need be there. */
record DevicePlan(String model, Planner planner, MemoryPlan plan) {
    static DevicePlan of(String model, EngineSettings settings, DeviceSpec.Kind kind, long deviceBytes)
            throws JobRefusedException {
        try {
            Planner planner = new Planner(planned(model), settings.plannedConfig(kind));
            return new DevicePlan(model, planner, planner.plan(deviceBytes));
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }

    /** A folder goes before the name, so that a checkpoint of one's own is what is planned. */
    private static PlannedModel planned(String model) throws IOException {
        try {
            return PlannedModel.read(ModelFolder.ofThisMachine().resolve(model));
        } catch (IOException e) {
            Optional<PublishedModel> published = PublishedModel.named(model);
            if (published.isEmpty()) {
                throw e;
            }
            return published.get().planned();
        }
    }

    /**
     * The plan in words.
     *
     * @param rowTokens prompt and answer of a row
     */
    List<String> lines(int rowTokens) throws JobRefusedException {
        try {
            return new PlanReport(planner, model, rowTokens).lines(plan);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }
}
