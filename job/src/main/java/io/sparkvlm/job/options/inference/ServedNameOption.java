package io.sparkvlm.job.options.inference;

import io.sparkvlm.job.options.HelpGroup;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that names what requests may call the model. */
@HelpGroup.Of(HelpGroup.MODEL_AND_ENGINE)
final class ServedNameOption {
    @Option(
            names = "--served-model-name",
            arity = "1..*", // as vLLM's users write it
            split = ",",
            paramLabel = "NAME",
            description =
                    "Names that requests may call the model by, besides \"model\" (default: the value of --model).")
    private List<String> servedModelNames = List.of();

    /** @param model as it was asked for, which requests may use where no other name is given */
    List<String> names(String model) {
        return servedModelNames.isEmpty() ? List.of(model) : servedModelNames;
    }
}
