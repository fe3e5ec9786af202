package io.sparkvlm.job.show;

import java.io.IOException;
import java.util.List;

/** Renders rows as one page for a browser, on which they can be filtered. */
public final class HtmlReport {
    private HtmlReport() {}

    public static String page(ReportContent answers) throws IOException {
        return new HtmlPage("page.html", List.of("page.css"), List.of("page.js")).render(PageModel.of(answers));
    }
}
