package io.sparkvlm.job.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds what a request of the demo asks. The last turn is the open one; media come in any.
 *
 * @param turns how many of the turns are the user's
 */
public record DemoQuestion(Subject subject, List<String> media, int turns, String text) {
    /** What a question is about. */
    public enum Subject {
        PICTURES,
        FILMS,
        TEXT
    }

    /** @param body of a request whose fields are as they should be */
    static DemoQuestion of(JsonNode body) {
        Subject subject = Subject.TEXT;
        List<String> media = new ArrayList<>();
        int turns = 0;
        String text = "";
        for (JsonNode message : body.path("messages")) {
            JsonNode content = message.path("content");
            if (message.path("role").asText().equals("user")) {
                turns++;
                text = content.asText();
            }
            for (JsonNode part : content) {
                switch (part.path("type").asText()) {
                    case "image_url" -> {
                        subject = Subject.PICTURES;
                        media.add(name(part.at("/image_url/url").asText()));
                    }
                    case "video_url" -> {
                        subject = Subject.FILMS;
                        JsonNode frames = part.at("/video_url/url");
                        media.add(name(frames.path(0).asText()) + ", the first of " + frames.size() + " frames");
                    }
                    default -> text = part.path("text").asText();
                }
            }
        }
        return new DemoQuestion(subject, List.copyOf(media), turns, text);
    }

    private static String name(String url) {
        return url.startsWith("data:") ? "a picture in the request itself" : url;
    }
}
