package io.sparkvlm.job.options;

import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.PromptTemplate;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what the columns of a table are for that has pictures and prompts instead of requests. */
@HelpGroup.Of(HelpGroup.INPUT)
public final class ColumnOptions {
    @Option(
            names = "--image-column",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of a table that hold images: bytes, paths or URLs, structures of bytes and path, or"
                    + " arrays of these.")
    private List<String> images = List.of();

    @Option(
            names = "--video-column",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of a table that hold video files, in the same ways.")
    private List<String> videos = List.of();

    @Option(
            names = "--prompt-column",
            paramLabel = "COLUMN",
            description = "The column of a table that holds what is asked.")
    private Optional<String> promptColumn = Optional.empty();

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "What is asked of every row of a table, with names of columns in braces, as \"Is this a"
                    + " {label}?\"; {{ is a brace.")
    private Optional<String> prompt = Optional.empty();

    @Option(names = "--system-prompt", paramLabel = "TEXT", description = "What the model is told before it is asked.")
    private Optional<String> systemPrompt = Optional.empty();

    public ColumnRoles roles() throws JobRefusedException {
        if (prompt.isPresent() && promptColumn.isPresent()) {
            throw new JobRefusedException("expected --prompt or --prompt-column, found both: a prompt can name the"
                    + " column, as \"{" + promptColumn.get() + "}\"");
        }
        return new ColumnRoles(
                images,
                videos,
                prompt.isPresent()
                        ? Optional.of(PromptTemplate.parse(prompt.get()))
                        : promptColumn.map(PromptTemplate::ofColumn),
                systemPrompt);
    }
}
