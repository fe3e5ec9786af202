package io.sparkvlm.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the pages that people read: Markdown files of the checkout. */
final class Pages {
    static final Path TOP = Path.of("../..").toAbsolutePath().normalize();
    static final Path README = TOP.resolve("README.md");

    private static final Path DOCS = TOP.resolve("docs");
    private static final Pattern CODE = Pattern.compile("^ *```.*?^ *```$", Pattern.DOTALL | Pattern.MULTILINE);

    private Pages() {}

    /** The README, then what lies in docs by the order of its paths. */
    static List<Path> ofUsers() {
        List<Path> pages = new ArrayList<>(List.of(README));
        pages.addAll(below(DOCS));
        return pages;
    }

    /** Those, and what lies at the top, in .github and beside the demo's model and the references. */
    static List<Path> all() {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> top = Files.list(TOP)) {
            top.filter(Pages::isMarkdown).sorted().forEach(pages::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pages.addAll(below(DOCS));
        pages.addAll(below(TOP.resolve(".github")));
        pages.addAll(below(TOP.resolve("src/demo-model")));
        pages.addAll(below(TOP.resolve("src/test/resources")));
        return pages;
    }

    static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A page without its blocks of code, in which brackets are no links and number signs no headings. */
    static String prose(Path page) {
        return CODE.matcher(text(page)).replaceAll("");
    }

    private static List<Path> below(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Pages::isMarkdown).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isMarkdown(Path file) {
        return file.toString().endsWith(".md");
    }
}
