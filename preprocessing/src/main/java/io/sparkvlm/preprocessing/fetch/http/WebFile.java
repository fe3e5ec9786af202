package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.preprocessing.fetch.BoundedDownload;
import io.sparkvlm.preprocessing.fetch.Download;
import io.sparkvlm.preprocessing.fetch.RemoteFile;
import io.sparkvlm.preprocessing.media.MediaFault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A file at a URL of the web: follows redirects, and asks busy servers again. */
final class WebFile implements RemoteFile {
    private final WebUrl url;
    private final DomainRules domains;
    private final WebExchange exchange;
    private final WebLimits limits;
    private final Sleeper sleeper;

    /** Lets the pause before another try go by. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }

    WebFile(WebUrl url, DomainRules domains, WebExchange exchange, Sleeper sleeper) {
        this.url = url;
        this.domains = domains;
        this.exchange = exchange;
        this.limits = exchange.limits();
        this.sleeper = sleeper;
    }

    @Override
    public String key() {
        return url.text();
    }

    @Override
    public String host() {
        return url.host().text();
    }

    @Override
    public String ref() {
        return url.shown();
    }

    @Override
    public Download read(BoundedDownload bounded) {
        WebUrl at = url;
        for (int redirects = 0; redirects <= limits.redirects(); redirects++) {
            Answer answer = askWithRetries(at, bounded);
            Optional<String> location = answer.fold(
                    ended -> Optional.empty(), moved -> Optional.of(moved.location()), unready -> Optional.empty());
            if (location.isEmpty()) {
                return answer.fold(Answer.Ended::download, moved -> redirectFailure("none"), Answer.Unready::failure);
            }
            try {
                at = next(at, location.get());
            } catch (RefusedUrlException e) {
                // What the server said is not repeated: it may be a secret, or another's words.
                return Download.failed(
                        e.fault(), "expected redirects within what is allowed at " + ref() + ", found one that is not");
            }
        }
        return redirectFailure("more");
    }

    private Download redirectFailure(String found) {
        return Download.failed(
                MediaFault.DOWNLOAD_FAILED,
                "expected at most " + limits.redirects() + " redirects at " + ref() + ", found " + found);
    }

    private WebUrl next(WebUrl from, String location) throws RefusedUrlException {
        WebUrl to = from.redirected(location);
        if (!to.scheme().equals(from.scheme()) || !domains.permit(to.host())) {
            throw new RefusedUrlException(MediaFault.URL_NOT_ALLOWED, "the redirect leads elsewhere");
        }
        return to;
    }

    /** Asks until the server is ready, and no more often than allowed. */
    private Answer askWithRetries(WebUrl at, BoundedDownload bounded) {
        Answer answer = exchange.ask(at, ref(), bounded);
        for (int tries = 1; tries < limits.tries(); tries++) {
            Optional<Duration> pause = pause(answer, tries);
            if (pause.isEmpty() || pause.get().compareTo(bounded.deadline().left()) >= 0 || !slept(pause.get())) {
                return answer;
            }
            answer = exchange.ask(at, ref(), bounded);
        }
        return answer;
    }

    /**
     * The pause that the server asked for, or twice as long each time, with some chance so that rows do not come back
     * at once.
     */
    private Optional<Duration> pause(Answer answer, int tries) {
        return answer.fold(ended -> Optional.empty(), moved -> Optional.empty(), unready -> {
            Duration doubled = limits.firstPause().multipliedBy(1L << (tries - 1));
            Duration chosen = unready.pause().orElse(doubled.dividedBy(2));
            Duration atMost = chosen.compareTo(limits.longestPause()) < 0 ? chosen : limits.longestPause();
            return Optional.of(atMost.plusNanos(ThreadLocalRandom.current().nextLong(doubled.toNanos() / 2 + 1)));
        });
    }

    /** Whether the pause went by without the deadline. */
    private boolean slept(Duration pause) {
        try {
            sleeper.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
