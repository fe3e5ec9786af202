package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.preprocessing.fetch.BoundedDownload;
import io.sparkvlm.preprocessing.fetch.Download;
import io.sparkvlm.preprocessing.media.Deadline;
import io.sparkvlm.preprocessing.media.MediaFault;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.io.Closer;

/** Asks a server once for a URL. Thread-safe. */
final class WebExchange {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final CloseableHttpClient client;
    private final WebLimits limits;

    WebExchange(CloseableHttpClient client, WebLimits limits) {
        this.client = client;
        this.limits = limits;
    }

    WebLimits limits() {
        return limits;
    }

    /** @param ref what messages say of where it is: the request's own words, and not what a server said in between */
    Answer ask(WebUrl url, String ref, BoundedDownload bounded) {
        HttpUriRequestBase request = new HttpUriRequestBase("GET", URI.create("/"));
        request.setPath(url.target());
        Deadline.Guard headers = bounded.guard(limits.headers(), request::cancel);
        Deadline.Guard whole = bounded.guard(bounded.deadline().left(), request::cancel);
        try (headers;
                whole) {
            HttpHost host = new HttpHost(url.scheme(), url.host().text(), url.port());
            ClassicHttpResponse response = client.executeOpen(host, request, null);
            try {
                headers.close();
                return answer(response, ref, bounded);
            } finally {
                request.cancel(); // or closing would read what is left
                Closer.closeQuietly(response);
            }
        } catch (IOException e) {
            return failure(e, ref, headers.ended());
        }
    }

    private static Answer answer(ClassicHttpResponse response, String ref, BoundedDownload bounded) throws IOException {
        int status = response.getCode();
        if (REDIRECTS.contains(status)) {
            return header(response, HttpHeaders.LOCATION)
                    .<Answer>map(Answer.Moved::new)
                    .orElseGet(() -> ended("HTTP status " + status + " without a Location", ref));
        }
        if (status == HttpStatus.SC_TOO_MANY_REQUESTS || status >= HttpStatus.SC_INTERNAL_SERVER_ERROR) {
            return new Answer.Unready(
                    failed("HTTP status " + status, ref),
                    header(response, HttpHeaders.RETRY_AFTER).flatMap(value -> RetryAfter.parse(value, Instant.now())));
        }
        HttpEntity entity = response.getEntity();
        if (status != HttpStatus.SC_OK || entity == null) {
            return ended("HTTP status " + status, ref);
        }
        return body(response, entity, ref, bounded);
    }

    /** We ask for the file as it is; gzip is taken too, for there are servers that know nothing else. */
    private static Answer body(ClassicHttpResponse response, HttpEntity entity, String ref, BoundedDownload bounded)
            throws IOException {
        String encoding = header(response, HttpHeaders.CONTENT_ENCODING)
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .orElse("");
        InputStream body = entity.getContent();
        return switch (encoding) {
            case "", "identity" -> new Answer.Ended(bounded.read(body, claimed(entity)));
            case "gzip", "x-gzip" -> gunzipped(body, ref, bounded);
            default -> ended("a content encoding other than identity and gzip", ref);
        };
    }

    private static Answer gunzipped(InputStream body, String ref, BoundedDownload bounded) throws IOException {
        try {
            return new Answer.Ended(bounded.read(new GZIPInputStream(bounded.limited(body)), OptionalLong.empty()));
        } catch (StackOverflowError e) { // the JDK reads an empty member within the one before it
            return ended("gzip of too many members", ref);
        }
    }

    private static OptionalLong claimed(HttpEntity entity) {
        return entity.getContentLength() < 0 ? OptionalLong.empty() : OptionalLong.of(entity.getContentLength());
    }

    private static Optional<String> header(ClassicHttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
    }

    private Answer failure(IOException e, String ref, boolean withoutHeaders) {
        if (e instanceof CheckedResolver.RefusedAddressException) {
            return new Answer.Ended(Download.failed(
                    MediaFault.URL_NOT_ALLOWED,
                    "expected a host with a public address, or one in --allowed-media-cidrs, found neither at " + ref));
        }
        if (withoutHeaders) {
            return ended("no answer within " + seconds(limits.headers()), ref);
        }
        if (e instanceof UnknownHostException) {
            return unready("no address for its host", ref);
        }
        if (e instanceof ConnectTimeoutException
                || e instanceof ConnectException
                || e instanceof NoRouteToHostException) {
            return unready("that its host takes no connection", ref);
        }
        if (e instanceof SocketTimeoutException) {
            return ended("no byte for " + seconds(limits.idle()), ref);
        }
        if (e instanceof SSLException) {
            return ended("a host that cannot prove its name, or broken TLS", ref);
        }
        return unready("that the answer broke off", ref);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    private static Answer ended(String found, String ref) {
        return new Answer.Ended(failed(found, ref));
    }

    private static Answer unready(String found, String ref) {
        return new Answer.Unready(failed(found, ref), Optional.empty());
    }

    private static Download failed(String found, String ref) {
        return Download.failed(MediaFault.DOWNLOAD_FAILED, "expected a file at " + ref + ", found " + found);
    }
}
