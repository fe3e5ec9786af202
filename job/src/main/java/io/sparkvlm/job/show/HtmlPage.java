package io.sparkvlm.job.show;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import io.sparkvlm.api.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Renders a page for a browser that loads nothing else. Every value is escaped by the template engine; the page's
 * policy runs no script and takes no style but the page's own, known by their hashes.
 *
 * @param template a file beside this class, as are all others; it has {@code policy}, {@code styles} and {@code scripts}
 */
public record HtmlPage(String template, List<String> styles, List<String> scripts) {
    /** The page with those values, which are maps, lists, texts, numbers and truth values. */
    public String render(Map<String, ?> model) throws IOException {
        List<String> styleTexts = texts(styles);
        List<String> scriptTexts = texts(scripts);
        Map<String, Object> values = new HashMap<>(model);
        values.put("styles", styleTexts);
        values.put("scripts", scriptTexts);
        values.put(
                "policy",
                "default-src 'none'; img-src data:; style-src " + hashes(styleTexts) + "; script-src "
                        + hashes(scriptTexts) + "; base-uri 'none'; form-action 'none'");
        return render(resource(template), values);
    }

    private static String render(String template, Map<String, Object> values) {
        Jinjava jinjava = new Jinjava(JinjavaConfig.newBuilder()
                // On, it would execute what a row has in braces.
                .withNestedInterpretationEnabled(false)
                .withFailOnUnknownTokens(true)
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .build())
                .build());
        jinjava.setResourceLocator((name, encoding, interpreter) -> resource(name));
        JinjavaInterpreter interpreter = jinjava.newInterpreter();
        interpreter.getContext().setAutoEscape(true);
        interpreter.getContext().putAll(values);
        JinjavaInterpreter.pushCurrent(interpreter);
        try {
            String page = interpreter.render(template);
            if (!interpreter.getErrorsCopy().isEmpty()) {
                throw new IllegalStateException("the page's template does not render: "
                        + interpreter.getErrorsCopy().get(0).getMessage());
            }
            return page;
        } finally {
            JinjavaInterpreter.popCurrent();
        }
    }

    private static String hashes(List<String> texts) {
        return texts.stream()
                .map(text -> Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)))
                .map(hash -> "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
                .collect(Collectors.joining(" "));
    }

    private static List<String> texts(List<String> names) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            texts.add(resource(name));
        }
        return texts;
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = HtmlPage.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
