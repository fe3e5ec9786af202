package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.preprocessing.openai.WireValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a request says of all its media in {@code mm_processor_kwargs}; what a part says itself goes before. */
record ProcessorFields(PixelFields images, OptionalDouble framesPerSecond) {
    private static final String FPS = "fps";

    static ProcessorFields read(Optional<WireValue> value, RequestWarnings warnings) throws InvalidRequestException {
        if (value.isEmpty()) {
            return new ProcessorFields(PixelFields.NONE, OptionalDouble.empty());
        }
        Fields fields = Fields.of(value.get(), warnings);
        PixelFields images = PixelFields.read(fields);
        OptionalDouble fps = FrameChoiceReader.framesPerSecond(fields, FPS);
        // All else that processors take changes what the model sees.
        fields.refuse(List.copyOf(fields.unread()), "is not supported: use min_pixels, max_pixels and fps");
        return new ProcessorFields(images, fps);
    }
}
