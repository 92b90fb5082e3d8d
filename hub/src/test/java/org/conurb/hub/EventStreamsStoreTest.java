package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.hub.Hub.FIRE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.kernel.ConurbException;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EventStreamsStoreTest {
    private static final EventSettings QUICK =
            new EventSettings(3, 50, 100, Duration.ofMillis(300), Duration.ofMillis(1), Duration.ofMillis(100));

    private final Hub hub = new Hub();
    private final FakeAccess access = FakeAccess.to("fire");
    private final Changes changes = hub.changes();
    private final EventStreams streams = new EventStreams(
            hub.transactions, changes.sequencer(), access, Model.load(), caller -> true, QUICK, hub.clock);

    @AfterEach
    void close() throws Exception {
        streams.close();
        hub.close();
    }

    /** A reader that can be slow, and can go away. */
    private final class Reader extends OutputStream {
        private final StringBuilder text = new StringBuilder();
        final AtomicBoolean stands = new AtomicBoolean(true);
        volatile boolean slow;
        volatile boolean gone;
        final Thread thread;

        Reader(String types, Optional<Long> lastSeen) {
            thread = Thread.ofVirtual().start(() -> {
                try {
                    streams.serve(
                            Hub.DISPATCHER,
                            stands::get,
                            types.isEmpty() ? Set.of() : Set.of(types.split(",")),
                            lastSeen,
                            this);
                } catch (IOException expected) {
                    // went away
                }
            });
            Hub.await("open", () -> text().contains("event: hello"));
        }

        @Override
        public void write(int one) {
            throw new AssertionError("in whole events only");
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            while (slow) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
            if (gone) {
                throw new IOException("gone");
            }
            synchronized (text) {
                text.append(new String(bytes, from, length, StandardCharsets.UTF_8));
            }
        }

        String text() {
            synchronized (text) {
                return text.toString();
            }
        }

        List<String> changes() {
            Matcher matcher = Pattern.compile("event: change\ndata: [^\n]*\"id\":\"([^\"]*)\"")
                    .matcher(text());
            return matcher.results().map(result -> result.group(1)).toList();
        }
    }

    private static Entity incident(int n) {
        return Entity.of("urn:ngsi-ld:Incident:" + n, "Incident", FIRE)
                .with("number", Attribute.property("I-" + n))
                .with("description", Attribute.property("smoke"));
    }

    private static Entity sensor(int n) {
        return Entity.of("urn:ngsi-ld:Sensor:" + n, "Sensor", FIRE).with("n", Attribute.property(n));
    }

    @Test
    void otherTenantsAreNotToldLiveOrAfterABrokenLine() {
        Reader reader = new Reader("", Optional.empty());
        hub.put(sensor(1));
        Transactions.within("north", () -> {
            hub.put(sensor(2));
            return 0;
        });
        hub.put(sensor(3));
        Hub.await("told", () -> reader.changes().size() == 2);
        Reader back = new Reader("", Optional.of(0L));
        Hub.await("told again", () -> back.changes().size() == 2);
        assertThat(reader.changes()).containsExactly("urn:ngsi-ld:Sensor:1", "urn:ngsi-ld:Sensor:3");
        assertThat(back.changes()).isEqualTo(reader.changes());
    }

    @Test
    void changesArriveWithNumbersAndSimpleEntities() {
        Reader reader = new Reader("Incident", Optional.empty());
        hub.put(sensor(1));
        hub.put(incident(1));
        Hub.await("told", () -> reader.changes().size() == 1);
        assertThat(reader.text())
                .contains(
                        "id: 2\nevent: change\ndata: {\"seq\":2,\"change\":\"created\",\"type\":\"Incident\",\"id\":\"urn:ngsi-ld:Incident:1\",\"organisation\":\"fire\"")
                .contains("\"entity\":{\"number\":\"I-1\",\"description\":\"smoke\"}")
                .doesNotContain("Sensor");
        hub.transactions.doAs(Set.of(FIRE), () -> hub.entities.delete(Hub.DISPATCHER, "urn:ngsi-ld:Incident:1"));
        Hub.await("deletion told", () -> reader.text().contains("\"change\":\"deleted\""));
        assertThat(reader.text()).contains("\"entity\":null");
        Hub.await("a beat", () -> reader.text().contains("event: beat\ndata: {\"seq\":3"));
    }

    @Test
    void withoutAPurposeWhatConcernsPersonsIsLeftOut() {
        access.withoutPurpose();
        Reader reader = new Reader("", Optional.empty());
        hub.put(incident(1));
        Hub.await("told", () -> reader.changes().size() == 1);
        assertThat(reader.text()).contains("I-1").doesNotContain("smoke");
    }

    @Test
    void whatMayNotBeReadIsNotTold() {
        access.readable("police");
        Reader reader = new Reader("", Optional.empty());
        hub.put(incident(1));
        Hub.await("read", () -> streams.position() == 1);
        Hub.await("a beat", () -> reader.text().contains("event: beat\ndata: {\"seq\":1"));
        assertThat(reader.changes()).isEmpty();
    }

    @Test
    void whoComesBackGetsWhatWasMissedOnceAndInOrder() {
        Reader first = new Reader("", Optional.empty());
        for (int n = 0; n < 10; n++) {
            hub.put(sensor(n));
        }
        Hub.await("told", () -> first.changes().size() == 10);
        first.gone = true;
        for (int n = 10; n < 30; n++) {
            hub.put(sensor(n));
        }
        Reader second = new Reader("", Optional.of(10L));
        for (int n = 30; n < 40; n++) {
            hub.put(sensor(n));
        }
        Hub.await("the rest", () -> second.changes().size() == 30);
        assertThat(second.changes())
                .doesNotHaveDuplicates()
                .startsWith("urn:ngsi-ld:Sensor:10")
                .endsWith("urn:ngsi-ld:Sensor:39");
        assertThat(second.text()).doesNotContain("event: reset");
    }

    @Test
    void whoWasAwayTooLongLoadsAnew() {
        for (int n = 0; n < 120; n++) {
            hub.put(sensor(n));
        }
        Hub.await("read", () -> streams.position() == 120);
        assertThat(new Reader("", Optional.of(5L)).text()).contains("event: reset");
        assertThat(new Reader("", Optional.of(999L)).text()).contains("event: reset");
    }

    @Test
    void aSlowReaderDelaysNobodyAndLoadsAnew() {
        Reader slow = new Reader("", Optional.empty());
        Reader quick = new Reader("", Optional.empty());
        slow.slow = true;
        for (int n = 0; n < 200; n++) {
            hub.put(sensor(n));
        }
        Hub.await("the quick one has all", () -> quick.changes().size() == 200);
        slow.slow = false;
        Hub.await("the slow one is told", () -> slow.text().contains("event: reset"));
    }

    @Test
    void aStreamEndsWhenItsCallerMayNoLongerComeIn() throws Exception {
        Reader reader = new Reader("", Optional.empty());
        reader.stands.set(false);
        assertThat(reader.thread.join(Duration.ofSeconds(5))).isTrue();
        assertThat(streams.open()).isZero();
    }

    @Test
    void streamsAreBounded() {
        List<Reader> readers = List.of(
                new Reader("", Optional.empty()), new Reader("", Optional.empty()), new Reader("", Optional.empty()));
        assertThatThrownBy(streams::admit)
                .isInstanceOfSatisfying(
                        ConurbException.class,
                        full -> assertThat(full.retryAfter()).isPresent());
        readers.getFirst().gone = true;
        Hub.await("one is free", () -> streams.open() == 2);
        streams.admit();
    }
}
