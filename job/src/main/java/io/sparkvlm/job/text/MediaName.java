package io.sparkvlm.job.text;

import io.sparkvlm.preprocessing.openai.WireText;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names a medium by its URL without payload and query: the one is long, the other may be secret. */
public final class MediaName {
    private static final int MAX_CHARACTERS = 120;
    private static final Pattern DATA_URL = Pattern.compile("(data:[\\w.+/-]{0,120}).*", Pattern.DOTALL);
    /** Longer than a file's name, and nothing but base64's alphabet. */
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{80,}.*", Pattern.DOTALL);

    private MediaName() {}

    public static String of(String url) {
        Matcher data = DATA_URL.matcher(url);
        if (data.matches()) {
            return data.group(1);
        }
        return BASE64.matcher(url).matches() ? "base64" : WireText.shortened(MAX_CHARACTERS, url.split("[?#]", 2)[0]);
    }

    /** The names of a medium's files in one line. */
    public static String of(List<String> names) {
        return names.size() < 2
                ? String.join("", names)
                : names.get(0) + (names.size() == 2 ? ", " : " … ") + names.get(names.size() - 1);
    }
}
