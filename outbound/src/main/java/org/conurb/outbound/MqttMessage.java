package org.conurb.outbound;

import java.net.URI;
import java.time.Duration;

/**
 * What to publish at an MQTT broker.
 *
 * @param uri {@code mqtt://} or {@code mqtts://}, {@code [user[:password]@]host[:port]/topic[/subtopic…]}
 * @param qos 0 at most once, 1 at least once, 2 once
 * @param body JSON in UTF-8
 * @param timeout for everything together: name, connection, and what the broker answers at that quality of service
 */
public record MqttMessage(URI uri, MqttVersion version, int qos, byte[] body, Duration timeout) {
    public MqttMessage {
        if (qos < 0 || qos > 2) {
            throw new IllegalArgumentException("Quality of service is 0, 1 or 2, not " + qos);
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("A timeout is over zero and up to 5 minutes, not " + timeout);
        }
    }
}
