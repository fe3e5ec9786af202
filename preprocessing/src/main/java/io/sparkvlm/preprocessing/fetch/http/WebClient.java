package io.sparkvlm.preprocessing.fetch.http;

import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes a client that asks what it is told to ask and does nothing of its own accord: no redirects, tries, cookies,
 * credentials, proxies or decompression.
 */
final class WebClient {
    private static final String USER_AGENT = "spark-vlm";
    /** Shorter than servers keep a connection, so that few are found closed. */
    private static final TimeValue KEPT_IDLE = TimeValue.of(15, TimeUnit.SECONDS);

    /** Servers' own limits are half of these; without one, headers may be gigabytes. */
    private static final int MAX_LINE_CHARACTERS = 16 << 10;

    private static final int MAX_HEADERS = 200;

    private WebClient() {}

    static CloseableHttpClient open(DnsResolver addresses, WebLimits limits) {
        return HttpClientBuilder.create()
                .setConnectionManager(new DirectConnections()
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(Http1Config.custom()
                                        .setMaxLineLength(MAX_LINE_CHARACTERS)
                                        .setMaxHeaderCount(MAX_HEADERS)
                                        .build())
                                .build())
                        .setDnsResolver(addresses)
                        .setMaxConnTotal(limits.connections())
                        .setMaxConnPerRoute(limits.perHost())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout(limits.connect()))
                                .setSocketTimeout(timeout(limits.idle()))
                                .setIdleTimeout(Timeout.of(KEPT_IDLE.toDuration()))
                                .build())
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setHandshakeTimeout(timeout(limits.headers()))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.DISABLED) // the deadline ends that wait
                        .setResponseTimeout(timeout(limits.idle()))
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setDefaultHeaders(List.of(
                        new BasicHeader(HttpHeaders.ACCEPT, "image/*,video/*,*/*;q=0.8"),
                        new BasicHeader(HttpHeaders.ACCEPT_ENCODING, "identity")))
                .setUserAgent(USER_AGENT)
                .setProxySelector(null)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .build();
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.of(duration);
    }

    /** Sockets of their own: the JVM's settings could send the plain ones through a SOCKS proxy, which dials for us. */
    private static final class DirectConnections extends PoolingHttpClientConnectionManagerBuilder {
        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver addresses, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                    DirectConnections::socket,
                    ports,
                    addresses,
                    RegistryBuilder.<TlsSocketStrategy>create()
                            .register(URIScheme.HTTPS.id, tls)
                            .build());
        }

        private static Socket socket(Proxy ignored) throws IOException {
            return new Socket(Proxy.NO_PROXY);
        }
    }
}
