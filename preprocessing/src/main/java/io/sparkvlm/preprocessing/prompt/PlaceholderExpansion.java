package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.media.MediaKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;

/** Places the language tokens of images and videos: each placeholder is repeated to its medium's tokens. */
final class PlaceholderExpansion {
    private PlaceholderExpansion() {}

    /**
     * Says which medium stands at which placeholder: the n-th image at the n-th image_pad, videos likewise.
     *
     * @param ids a prompt with one placeholder for each medium
     * @param media the kinds of the conversation's media, in order
     */
    static Outcome<List<Placeholder>> match(int[] ids, CheckpointSettings settings, List<MediaKind> media) {
        Map<MediaKind, Queue<Integer>> waiting = new EnumMap<>(MediaKind.class);
        for (MediaKind kind : MediaKind.values()) {
            waiting.put(
                    kind,
                    new ArrayDeque<>(IntStream.range(0, media.size())
                            .filter(i -> media.get(i) == kind)
                            .boxed()
                            .toList()));
        }
        List<Placeholder> found = new ArrayList<>(media.size());
        int pads = 0;
        for (int token = 0; token < ids.length; token++) {
            boolean image = ids[token] == settings.imagePadId();
            if (image || ids[token] == settings.videoPadId()) {
                pads++;
                Queue<Integer> next = waiting.get(image ? MediaKind.IMAGE : MediaKind.VIDEO);
                if (!next.isEmpty()) {
                    found.add(new Placeholder(token, next.remove()));
                }
            }
        }
        return pads == media.size() && found.size() == pads
                ? Outcome.ok(found)
                : Outcome.rejected(Rejection.at(
                        "messages",
                        RequestCode.INVALID_VALUE,
                        "The model's chat template does not take these messages: expected one placeholder for each of "
                                + media.size() + " images and videos in the prompt, found " + pads));
    }

    /** @param grids of the media, in the order of the conversation */
    static ExpandedPrompt expand(int[] ids, List<Placeholder> placeholders, List<PatchGrid> grids) {
        int[] expanded = new int[Math.toIntExact(expandedTokens(ids, grids))];
        List<Placeholder> places = new ArrayList<>(placeholders.size());
        List<MropePositionIds.Span> spans = new ArrayList<>(placeholders.size());
        int read = 0;
        int written = 0;
        for (Placeholder placeholder : placeholders) {
            int text = placeholder.token() - read;
            System.arraycopy(ids, read, expanded, written, text);
            written += text;
            PatchGrid grid = grids.get(placeholder.medium());
            places.add(new Placeholder(written, placeholder.medium()));
            spans.add(new MropePositionIds.Span(written, grid));
            Arrays.fill(expanded, written, written + grid.tokens(), ids[placeholder.token()]);
            written += grid.tokens();
            read = placeholder.token() + 1;
        }
        System.arraycopy(ids, read, expanded, written, ids.length - read);
        return new ExpandedPrompt(expanded, MropePositionIds.of(expanded.length, spans), places);
    }

    static long expandedTokens(int[] ids, List<PatchGrid> grids) {
        long tokens = ids.length;
        for (PatchGrid grid : grids) {
            tokens += grid.tokens() - 1L;
        }
        return tokens;
    }
}
