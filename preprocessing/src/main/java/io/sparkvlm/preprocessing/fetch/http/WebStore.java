package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.RemoteFile;
import io.sparkvlm.preprocessing.fetch.RemoteStore;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaReference;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;

/**
 * Finds files of the web, at the hosts and addresses that a job allows.
 *
 * <p>Thread-safe: all downloads share its connections.
 */
public final class WebStore implements RemoteStore {
    private final DomainRules domains;
    private final CloseableHttpClient client;
    private final WebExchange exchange;
    private final WebFile.Sleeper sleeper;

    public WebStore(WebAccess access) {
        this(access, WebLimits.DEFAULT, SystemDefaultDnsResolver.INSTANCE, pause -> Thread.sleep(pause.toMillis()));
    }

    /** A store with these limits, these answers to names and these pauses. */
    WebStore(WebAccess access, WebLimits limits, DnsResolver names, WebFile.Sleeper sleeper) {
        this.domains = DomainRules.of(access.domains());
        this.client = WebClient.open(new CheckedResolver(names, AddressRules.allowing(access.cidrs())), limits);
        this.exchange = new WebExchange(client, limits);
        this.sleeper = sleeper;
    }

    @Override
    public boolean serves(String lowerCaseScheme) {
        return lowerCaseScheme.equals("http") || lowerCaseScheme.equals("https");
    }

    @Override
    public Outcome<RemoteFile> find(MediaReference reference) {
        WebUrl url;
        try {
            url = WebUrl.parse(reference.url());
        } catch (RefusedUrlException e) {
            return reference.rejected(e.fault(), e.getMessage());
        }
        return domains.permit(url.host())
                ? Outcome.ok(new WebFile(url, domains, exchange, sleeper))
                : reference.rejected(
                        MediaFault.URL_NOT_ALLOWED,
                        "expected a host of --allowed-media-domains, found "
                                + MediaFetcher.shortened(url.host().text()));
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
