package io.sparkvlm.it;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The pages of {@code show --html} and {@code report} in a real browser, over rows that the job answered and rows that mean harm. */
final class AnswerPageTest {
    /** Each would change the title if anything of it ran. */
    private static final List<String> HOSTILE = List.of(
            "<script>document.title='harmed'</script>",
            "</bdi><img src=x onerror=\"document.title='harmed'\">",
            "\"><svg onload=document.title='harmed'>",
            "' autofocus onfocus='document.title=1' x='",
            "javascript:document.title='harmed'",
            "</style></script><script>document.title='harmed'</script>",
            "{{ 7 * 191 }}{% raw %}{{ '<b>' }}",
            "&lt;script&gt;document.title='harmed'&lt;/script&gt;");

    /** A dot. */
    private static final String DATA_URL = "data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=";

    /** How many charts have a point that is not empty. */
    private static final String DRAWN = "return Array.from(document.querySelectorAll('canvas')).filter(canvas =>"
            + " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(v => v > 0)).length";

    private static final String COLOUR =
            "Chart.getChart(document.querySelector('canvas')).data.datasets[0].backgroundColor";
    private static final String BAR_COLOUR = "return " + COLOUR;
    private static final String CHANGED_BAR_COLOUR = "const [before, done] = arguments; (function look() { const now = "
            + COLOUR + "; if (now === before) requestAnimationFrame(look); else done(now); })()";

    @TempDir
    private static Path folder;

    private static ChromeDriver browser;

    private static String page;
    private static String report;

    @BeforeAll
    static void writeThePageAndStartTheBrowser() throws Exception {
        browser = Browser.start(folder.resolve("profile"));
        List<String> lines = new ArrayList<>(Files.readAllLines(Reference.requests()));
        for (String hostile : HOSTILE) {
            lines.add(request(hostile, hostile, hostile));
        }
        lines.add(request("inline", "What is this?", DATA_URL));
        lines.add(request("web", "What is this?", "http://127.0.0.1:1/never.png"));
        Path input = Files.write(folder.resolve("in.jsonl"), lines);
        Path output = folder.resolve("out");
        assertThat(Job.run(Job.generate(input, output))).isZero();
        Path harmed = folder.resolve("harmed");
        answerWithHarm(output, harmed);
        Files.copy(
                output.resolve("_sparkvlm.json"),
                harmed.resolve("_sparkvlm.json"),
                StandardCopyOption.REPLACE_EXISTING);
        Path file = folder.resolve("page.html");
        assertThat(Job.run(List.of("show", harmed.toString(), "--html", file.toString())))
                .isZero();
        page = file.toUri().toString();
        Path charts = folder.resolve("report.html");
        assertThat(Job.run(List.of("report", harmed.toString(), "--html", charts.toString())))
                .isZero();
        report = charts.toUri().toString();
    }

    @AfterAll
    static void stopTheBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void open() {
        Browser.resize(browser, 1280);
        browser.get(page);
    }

    @Test
    void drawsEveryThumbnailAndTheConsoleStaysEmpty() {
        List<WebElement> pictures = browser.findElements(By.tagName("img"));
        assertThat(pictures).hasSizeGreaterThan(8).allSatisfy(picture -> {
            assertThat((Long) browser.executeScript("return arguments[0].naturalWidth", picture))
                    .isBetween(1L, 160L);
            assertThat(picture.getDomAttribute("src")).startsWith("data:image/");
        });
        assertThat(texts(".missing"))
                .anySatisfy(why -> assertThat(why).startsWith("not fetched"))
                .anySatisfy(why -> assertThat(why).contains("<script>"));
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    }

    @Test
    void runsNothingThatStrangersWroteAndShowsAllOfIt() {
        assertThat(browser.getTitle()).startsWith("Answers: ").doesNotContain("harmed'");
        assertThat(browser.findElements(By.cssSelector("[onerror], [onload], [onfocus], svg, main script, a")))
                .isEmpty();
        assertThat(browser.findElements(By.tagName("script"))).hasSize(1);
        assertThat(texts("h2")).containsAll(HOSTILE);
        assertThat(texts(".question")).containsAll(HOSTILE);
        assertThat(texts(".answer")).containsAll(HOSTILE.subList(0, 1)).contains("turned <U+202E>around");
        assertThat(texts("figcaption")).anySatisfy(name -> assertThat(name).startsWith("<script>"));
        Object loaded = browser.executeScript("return performance.getEntriesByType('resource').length");
        assertThat(loaded).isEqualTo(0L);
    }

    @Test
    void runsNoScriptThatIsPutIntoThePage() {
        browser.executeScript("document.body.insertAdjacentHTML('beforeend',"
                + " '<img src=\"data:,\" onerror=\"document.title = 1\"><p style=\"color: red\" id=late>late</p>');"
                + "const late = document.createElement('script'); late.textContent = 'document.title = 2';"
                + "document.body.append(late)");
        assertThat(browser.getTitle()).startsWith("Answers: ");
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .anySatisfy(entry -> assertThat(entry.getMessage()).contains("Content Security Policy"));
    }

    @Test
    void theReportDrawsItsChartsInTheReadersColoursAndNothingThatStrangersWroteRuns() {
        Browser.colours(browser, "light");
        browser.get(report);
        int charts = browser.findElements(By.tagName("canvas")).size();
        assertThat(charts).isEqualTo(3 + 4); // rows, tokens and errors over time; four distributions
        assertThat(browser.executeScript(DRAWN)).isEqualTo((long) charts);
        Object light = browser.executeScript(BAR_COLOUR);
        Browser.colours(browser, "dark");
        assertThat(browser.executeAsyncScript(CHANGED_BAR_COLOUR, light)).isNotEqualTo(light);
        Browser.colours(browser, "light");
        assertThat(browser.getTitle()).startsWith("Report: ").doesNotContain("harmed'");
        assertThat(browser.findElements(By.cssSelector("[onerror], [onload], [onfocus], svg, article script, a")))
                .isEmpty();
        assertThat(browser.executeScript("return performance.getEntriesByType('resource').length"))
                .isEqualTo(0L);
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
        Browser.resize(browser, 360);
        assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
                .isBetween(300L, 360L);
    }

    @Test
    void filtersByStatusCodeAndWords() {
        int all = shown();
        choose("ok");
        int answered = shown();
        choose("error");
        assertThat(shown()).isEqualTo(all - answered).isPositive();
        choose("error url_not_allowed");
        assertThat(shown()).isEqualTo(2); // the web and the script
        assertThat(browser.findElement(By.id("count")).getText()).isEqualTo("2 of " + all + " rows here");
        choose("");
        browser.findElement(By.id("search")).sendKeys("WHAT IS THIS?");
        assertThat(shown()).isEqualTo(2);
        browser.findElement(By.id("search")).sendKeys(" nobody asked");
        assertThat(shown()).isZero();
        assertThat(browser.findElement(By.id("nothing")).isDisplayed()).isTrue();
    }

    @Test
    void fitsAPhone() {
        Browser.resize(browser, 360);
        assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
                .isEqualTo(browser.executeScript("return document.documentElement.clientWidth"))
                .isBetween(300L, 360L);
    }

    @Test
    void isDarkWhereTheReaderWantsItDark() {
        Browser.colours(browser, "light");
        String light = background();
        Browser.colours(browser, "dark");
        assertThat(background()).isNotEqualTo(light).isEqualTo("rgb(17, 20, 24)");
        Browser.colours(browser, "light");
    }

    /** A model's answers cannot be chosen, so they are changed in the table. */
    private static void answerWithHarm(Path output, Path harmed) throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            spark.read()
                    .parquet(output.toString())
                    .withColumn(
                            "text",
                            when(col("custom_id").equalTo("inline"), lit(HOSTILE.get(0)))
                                    .when(col("status").equalTo("ok"), lit("turned \u202earound"))
                                    .otherwise(col("text")))
                    .write()
                    .parquet(harmed.toString());
        }
    }

    private static String request(String customId, String question, String url) throws IOException {
        ObjectNode line = Reference.JSON.createObjectNode();
        line.put("custom_id", customId).put("method", "POST").put("url", "/v1/chat/completions");
        ObjectNode body = line.putObject("body").put("temperature", 0).put("max_completion_tokens", 2);
        ArrayNode content =
                body.putArray("messages").addObject().put("role", "user").putArray("content");
        content.addObject().put("type", "image_url").putObject("image_url").put("url", url);
        content.addObject().put("type", "text").put("text", question);
        return Reference.JSON.writeValueAsString(line);
    }

    private static List<String> texts(String selector) {
        return browser.findElements(By.cssSelector(selector)).stream()
                .map(element -> element.getDomProperty("textContent"))
                .toList();
    }

    private static void choose(String kind) {
        browser.findElements(By.cssSelector("#filter option")).stream()
                .filter(option -> option.getDomAttribute("value").equals(kind))
                .findFirst()
                .orElseThrow()
                .click();
    }

    private static int shown() {
        return Math.toIntExact(browser.findElements(By.tagName("article")).stream()
                .filter(WebElement::isDisplayed)
                .count());
    }

    private static String background() {
        return (String) browser.executeScript("return getComputedStyle(document.body).backgroundColor");
    }
}
