package io.sparkvlm.job.show;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import io.sparkvlm.api.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Renders rows as one page for a browser that loads nothing else. Every value is escaped by the template engine; the
 * page's policy runs no script and takes no style but the page's own, known by their hashes.
 */
public final class HtmlReport {
    private HtmlReport() {}

    public static String page(ReportContent answers) throws IOException {
        String style = resource("page.css");
        String script = resource("page.js");
        Map<String, Object> values = new HashMap<>(PageModel.of(answers));
        values.put("style", style);
        values.put("script", script);
        values.put(
                "policy",
                "default-src 'none'; img-src data:; style-src '" + hash(style) + "'; script-src '" + hash(script)
                        + "'; base-uri 'none'; form-action 'none'");
        return render(resource("page.html"), values);
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

    private static String hash(String text) {
        byte[] hash = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(hash);
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = HtmlReport.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
