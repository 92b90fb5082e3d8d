package org.conurb.hub;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.conurb.outbound.MqttVersion;
import tools.jackson.databind.JsonNode;

/**
 * Where notifications go, and how (GS CIM 009 clauses 5.2.15, 5.2.22, 7.2).
 *
 * @param headers of every notification: receiverInfo, by name
 * @param timeout for one, where the subscription says
 * @param cooldown to leave it alone after a failure; zero where the subscription says nothing
 * @param version of MQTT, for MQTT alone, as the quality of service
 */
record Endpoint(
        URI uri,
        AnswerType accept,
        Map<String, String> headers,
        Optional<Duration> timeout,
        Duration cooldown,
        MqttVersion version,
        int qos) {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
    private static final int LONGEST_HEADER = 2_000;

    /** Set by us or by the client, and nobody else's to choose. */
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "content-type",
            "transfer-encoding",
            "connection",
            "proxy-authorization",
            "upgrade",
            "te",
            "link",
            "ngsild-tenant");

    boolean isMqtt() {
        return uri.getScheme().toLowerCase(Locale.ROOT).startsWith("mqtt");
    }

    static Endpoint read(Members endpoint) {
        endpoint.demandKnown(Set.of("uri", "accept", "timeout", "cooldown", "receiverInfo", "notifierInfo"));
        URI uri = endpoint.uri("uri")
                .filter(one -> Set.of("http", "https", "mqtt", "mqtts")
                        .contains(String.valueOf(one.getScheme()).toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> endpoint.wrong("uri", "an http, https, mqtt or mqtts URI"));
        String accept = endpoint.text("accept").orElse(AnswerType.JSON.mediaType());
        Map<String, String> headers = new LinkedHashMap<>();
        endpoint.pairs("receiverInfo", pair -> pair).forEach(pair -> header(pair, headers));
        MqttVersion version = MqttVersion.V5;
        int qos = 0;
        for (Members pair : endpoint.pairs("notifierInfo", pair -> pair)) {
            switch (pair.text("key").orElse("")) {
                case "MQTT-Version" -> version = version(pair);
                case "MQTT-QoS" -> qos = qos(pair);
                default -> throw pair.wrong("key", "MQTT-Version or MQTT-QoS");
            }
        }
        return new Endpoint(
                uri,
                Arrays.stream(AnswerType.values())
                        .filter(one -> one.mediaType().equals(accept))
                        .findFirst()
                        .orElseThrow(() -> endpoint.wrong(
                                "accept", "application/json, application/ld+json or application/geo+json")),
                Map.copyOf(headers),
                endpoint.length("timeout", Duration.ofMillis(1)).map(wait -> shorter(endpoint, wait)),
                endpoint.length("cooldown", Duration.ofMillis(1)).orElse(Duration.ZERO),
                version,
                qos);
    }

    private static Duration shorter(Members endpoint, Duration wait) {
        if (wait.compareTo(LONGEST) > 0) {
            throw endpoint.wrong("timeout", "at most %d milliseconds".formatted(LONGEST.toMillis()));
        }
        return wait;
    }

    private static void header(Members pair, Map<String, String> headers) {
        String name = pair.text("key").orElse("");
        if (!HEADER.matcher(name).matches() || OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw pair.wrong("key", "the name of a header that is not the client's own");
        }
        String value = scalar(pair);
        if (value.length() > LONGEST_HEADER || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw pair.wrong("value", "at most %d characters without controls".formatted(LONGEST_HEADER));
        }
        if (headers.put(name, value) != null) {
            throw pair.wrong("key", "given once");
        }
    }

    private static MqttVersion version(Members pair) {
        return switch (scalar(pair)) {
            case "mqtt3.1.1" -> MqttVersion.V3_1_1;
            case "mqtt5.0" -> MqttVersion.V5;
            default -> throw pair.wrong("value", "mqtt3.1.1 or mqtt5.0");
        };
    }

    private static int qos(Members pair) {
        int at = List.of("0", "1", "2").indexOf(scalar(pair));
        if (at < 0) {
            throw pair.wrong("value", "0, 1 or 2");
        }
        return at;
    }

    private static String scalar(Members pair) {
        JsonNode value = pair.node().path("value");
        if (!value.isString() && !value.isNumber() && !value.isBoolean()) {
            throw pair.wrong("value", "text");
        }
        Clean.demand(pair.place(), value);
        return value.asString();
    }
}
