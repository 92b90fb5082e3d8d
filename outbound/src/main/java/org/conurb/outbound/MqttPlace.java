package org.conurb.outbound;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A broker and a topic there, read out of a URI; its text shows no password.
 *
 * @param user empty for none, as the password
 */
record MqttPlace(boolean tls, String host, int port, Optional<String> user, Optional<String> password, String topic) {
    private static final int MAX_TOPIC = 1_000;

    /** @throws OutboundRefused where the URI can never be published to */
    static MqttPlace of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("mqtt") && !scheme.equals("mqtts")) {
            throw OutboundRefused.form(scheme + ":", "only mqtt and mqtts are spoken here");
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty() || uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw OutboundRefused.form(scheme + ":", "it names no host and port that can be read");
        }
        String topic = uri.getPath() == null || uri.getPath().isEmpty()
                ? ""
                : uri.getPath().substring(1);
        if (topic.isEmpty()
                || topic.getBytes(StandardCharsets.UTF_8).length > MAX_TOPIC
                || topic.chars().anyMatch(c -> c == '+' || c == '#' || Character.isISOControl(c) || c == 0xfffd)) {
            throw OutboundRefused.form(
                    scheme + "://" + host,
                    "its path is no topic of 1 to %d bytes without + and #".formatted(MAX_TOPIC));
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw OutboundRefused.form(scheme + "://" + host, "it carries a query or a fragment");
        }
        String login = uri.getRawUserInfo();
        int colon = login == null ? -1 : login.indexOf(':');
        boolean tls = scheme.equals("mqtts");
        return new MqttPlace(
                tls,
                host,
                uri.getPort() > 0 ? uri.getPort() : tls ? 8883 : 1883,
                Optional.ofNullable(login).map(all -> decoded(colon < 0 ? all : all.substring(0, colon))),
                colon < 0 || login == null ? Optional.empty() : Optional.of(decoded(login.substring(colon + 1))),
                topic);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The same broker and login, whatever the topic. */
    MqttPlace broker() {
        return new MqttPlace(tls, host, port, user, password, "");
    }

    @Override
    public String toString() {
        return (tls ? "mqtts://" : "mqtt://") + host + ":" + port;
    }
}
