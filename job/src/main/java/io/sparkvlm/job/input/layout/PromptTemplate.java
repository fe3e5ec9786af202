package io.sparkvlm.job.input.layout;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds what is asked of every row: text with names of columns in braces, or one column.
 *
 * @param option the flag that said it
 * @param value of the flag
 * @param texts what stands before, between and behind the columns
 * @param paths of the columns
 */
public record PromptTemplate(String option, String value, List<String> texts, List<String> paths) {
    /** Text, with names of columns in braces. */
    public static final String TEXT_OPTION = "--prompt";
    /** A column that holds the text. */
    public static final String COLUMN_OPTION = "--prompt-column";

    private static final Pattern BRACE = Pattern.compile("\\{\\{|}}|\\{([^{}]+)}|[{}]");

    public PromptTemplate {
        texts = List.copyOf(texts);
        paths = List.copyOf(paths);
        if (texts.size() != paths.size() + 1) {
            throw new IllegalArgumentException("expected " + (paths.size() + 1) + " texts, found " + texts.size());
        }
    }

    public static PromptTemplate ofColumn(String path) {
        return new PromptTemplate(COLUMN_OPTION, path, List.of("", ""), List.of(path));
    }

    /** Reads {@code {column}}; doubled braces are braces. */
    public static PromptTemplate parse(String template) throws JobRefusedException {
        List<String> texts = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        Matcher brace = BRACE.matcher(template);
        int read = 0;
        while (brace.find()) {
            text.append(template.substring(read, brace.start()));
            read = brace.end();
            if (brace.group(1) != null) {
                texts.add(text.toString());
                text.setLength(0);
                paths.add(brace.group(1));
            } else if (brace.group().length() == 2) {
                text.append(brace.group().charAt(0));
            } else {
                throw new JobRefusedException("expected the name of a column in braces in " + TEXT_OPTION
                        + ", and {{ or }} for a brace itself, found a lone " + brace.group());
            }
        }
        texts.add(text + template.substring(read));
        return new PromptTemplate(TEXT_OPTION, template, texts, paths);
    }
}
