package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Follows the links between the pages of the checkout. */
final class PageLinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
    private static final Pattern HEADING = Pattern.compile("^#+ +(.+)$", Pattern.MULTILINE);

    @Test
    void everyFileFolderAndHeadingThatALinkNamesIsThere() {
        List<String> broken = new ArrayList<>();
        int followed = 0;
        for (Path page : Pages.all()) {
            for (MatchResult link : LINK.matcher(Pages.prose(page)).results().toList()) {
                String target = link.group(1);
                if (!ELSEWHERE.matcher(target).matches()) {
                    followed++;
                    if (!leadsSomewhere(page, target)) {
                        broken.add(Pages.TOP.relativize(page) + ": " + target);
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(followed).isPositive();
    }

    @Test
    void everyPageInDocsCanBeReachedFromTheReadme() {
        List<Path> linked = LINK.matcher(Pages.prose(Pages.README))
                .results()
                .map(link -> Pages.TOP.resolve(link.group(1).replaceAll("#.*", "")))
                .toList();
        assertThat(linked)
                .containsAll(Pages.ofUsers().stream()
                        .filter(page -> !page.equals(Pages.README))
                        .toList());
    }

    private static boolean leadsSomewhere(Path page, String target) {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /** The anchors that GitHub gives to headings. */
    private static List<String> anchors(Path page) {
        return HEADING.matcher(Pages.prose(page))
                .results()
                .map(heading -> heading.group(1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
