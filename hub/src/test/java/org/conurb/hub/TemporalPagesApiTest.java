package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.conurb.hub.QueryDoors.Reply;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What does not fit into one answer is asked for page by page of time (GS CIM 009 clause 6.3.10). */
final class TemporalPagesApiTest {
    private final QueryDoors doors = new QueryDoors(TestClock.at("2026-03-02T08:00:00Z"), 5);
    private final Drive car = new Drive(doors);

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void moreThanFitsIsPagedForwardsByTimeAndBackwardsWithLastN() {
        StringBuilder speed = new StringBuilder();
        StringBuilder fuel = new StringBuilder();
        for (int n = 10; n < 30; n++) {
            speed.append(n > 10 ? "," : "")
                    .append("{\"value\":%d,\"observedAt\":\"2026-03-01T12:%d:00Z\"}".formatted(n, n));
            fuel.append(n > 10 ? "," : "")
                    .append("{\"value\":%d,\"observedAt\":\"2026-03-01T12:%d:30Z\"}".formatted(n, n + 10));
        }
        car.post("{\"id\":\"%s\",\"type\":\"Vehicle\",\"speed\":[%s],\"fuel\":[%s]}".formatted(Drive.CAR, speed, fuel));

        Reply first = car.read("");
        assertThat(first.status()).isEqualTo(206);
        assertThat(first.header("Content-Range")).isEqualTo("date-time 2026-03-01T12:10:00Z-2026-03-01T12:14:00Z/*");
        assertThat(first.json().get("fuel").size()).isZero();
        assertThat(forwards("speed")).isEqualTo(numbers(10, 30));
        assertThat(forwards("fuel")).isEqualTo(numbers(10, 30));

        Reply last = car.read("lastN=100");
        assertThat(last.status()).isEqualTo(206);
        assertThat(last.header("Content-Range")).isEqualTo("date-time 2026-03-01T12:39:30Z-2026-03-01T12:35:30Z/100");
        assertThat(backwards("speed")).isEqualTo(numbers(10, 30));
        assertThat(backwards("fuel")).isEqualTo(numbers(10, 30));
        assertThat(car.read("lastN=5").status()).isEqualTo(200);
        assertThat(car.read("timerel=before&timeAt=2026-03-01T12:37:00Z&lastN=9")
                        .header("Content-Range"))
                .startsWith("date-time 2026-03-01T12:37:00Z-");
    }

    private List<String> forwards(String attribute) {
        List<String> seen = new ArrayList<>();
        Reply reply = car.read("pick=" + attribute);
        while (true) {
            Drive.values(reply.json().path(attribute)).stream()
                    .filter(value -> !seen.contains(value))
                    .forEach(seen::add);
            if (reply.status() == 200) {
                return seen;
            }
            String end = reply.header("Content-Range").replaceAll(".*Z-(.*)/.*", "$1");
            reply = car.read("pick=speed,fuel&timerel=after&timeAt=" + end);
        }
    }

    private List<String> backwards(String attribute) {
        List<String> seen = new ArrayList<>();
        Reply reply = car.read("lastN=100");
        while (true) {
            seen.addAll(0, Drive.values(reply.json().path(attribute)));
            if (reply.status() == 200) {
                return seen;
            }
            String end = reply.header("Content-Range").replaceAll(".*Z-(.*)/.*", "$1");
            reply = car.read("lastN=100&timerel=before&timeAt=" + end);
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void whereNoCutCanBeMadeThatIsSaid() {
        String instances = IntStream.range(0, 9)
                .mapToObj("{\"value\":%d,\"observedAt\":\"2026-03-01T12:00:00Z\"}"::formatted)
                .collect(Collectors.joining(","));
        car.post("{\"id\":\"%s\",\"type\":\"Vehicle\",\"speed\":[%s]}".formatted(Drive.CAR, instances));
        Reply reply = car.read("");
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().get("type").stringValue()).endsWith("/TooManyResults");
        assertThat(car.read("lastN=5").json().get("speed").size()).isEqualTo(5);
    }
}
