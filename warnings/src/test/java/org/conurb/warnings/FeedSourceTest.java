package org.conurb.warnings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.conurb.kernel.Health;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedSourceTest {
    @AutoClose
    private final WarningsFixture room = new WarningsFixture();

    private final Map<String, byte[]> pages = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private OutboundHttp http;
    private String base;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        http = new OutboundHttp(
                OutboundPolicy.parse(List.of("127.0.0.1:" + server.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    @Test
    void the163RealEntriesGoInWithTheirPolygonsAndOnce() throws Exception {
        room.clock.set(java.time.Instant.parse("2018-08-15T23:00:00Z"));
        pages.put("/feed", CapSamples.index());
        FeedSource source = source("/feed");
        assertThat(source.poll().taken()).isEqualTo(163);
        List<WarningView> active = room.all();
        assertThat(active.stream()
                        .filter(view -> view.areas().stream().anyMatch(area -> area.polygon() != null))
                        .count())
                .isEqualTo(99);
        assertThat(active).allMatch(WarningView::real);
        assertThat(source.poll()).isEqualTo(SourceRound.NOTHING);
        assertThat(asked).containsExactly("/feed", "/feed not modified");
        assertThat(source("/feed").poll()).isEqualTo(SourceRound.NOTHING); // after a restart
        assertThat(room.all()).hasSize(163);
        String id = active.getFirst().id();
        assertThat(room.controller
                        .document(id, WarningsFixture.caller())
                        .getHeaders()
                        .getFirst("Content-Type"))
                .isEqualTo(FeedSource.ENTRY);
    }

    @Test
    void anEntryBroughtForthAgainTakesThePlaceOfItsOlderForm() {
        feed(entry("e1", "2026-03-01T07:00:00Z", index("Storm")));
        FeedSource source = source("/feed");
        source.poll();
        feed(entry("e1", "2026-03-01T07:30:00Z", index("Great storm")));
        assertThat(source.poll().taken()).isEqualTo(1);
        assertThat(room.all()).extracting(WarningView::event).containsExactly("Great storm", "Storm");
        assertThat(room.all())
                .extracting(WarningView::state)
                .containsExactly(WarningState.ACTIVE, WarningState.SUPERSEDED);
    }

    @Test
    void documentsInsideAndBehindLinksAreTakenAsTheyAre() {
        pages.put("/a2.cap", Cap.alert("A2").bytes());
        feed(
                entry("e1", "2026-03-01T07:00:00Z", content(Cap.alert("A1"))),
                entry("e2", "2026-03-01T07:00:00Z", link("a2.cap")));
        assertThat(source("/feed").poll().taken()).isEqualTo(2);
        assertThat(room.active()).containsExactlyInAnyOrder("A1", "A2");
        assertThat(room.controller
                        .document(room.only("A2").id(), WarningsFixture.caller())
                        .getBody())
                .isEqualTo(Cap.alert("A2").bytes());
    }

    @Test
    void documentsOnOtherServersAreNotFetched() {
        feed(
                entry("e1", "2026-03-01T07:00:00Z", link("http://localhost:1/a.cap")),
                entry("e2", "2026-03-01T07:00:00Z", link("//other.test/a.cap")));
        SourceRound round = source("/feed").poll();
        assertThat(round.refused()).isEqualTo(2);
        assertThat(round.problem().orElseThrow()).contains("another server");
        assertThat(asked).containsExactly("/feed");
    }

    @Test
    void oneBadEntryDoesNotHideTheOthersAndIsTold() {
        feed(
                entry("bad", "2026-03-01T07:00:00Z", content(Cap.alert("A0").without("scope"))),
                entry("none", "2026-03-01T07:00:00Z", ""),
                entry("good", "2026-03-01T07:00:00Z", content(Cap.alert("A1"))));
        SourceRound round = source("/feed").poll();
        assertThat(round.taken()).isEqualTo(1);
        assertThat(round.refused()).isEqualTo(2);
        assertThat(room.active()).containsExactly("A1");
    }

    @Test
    void whereTheFullDocumentIsUnusableTheEntryItselfWarns() {
        feed(entry("e1", "2026-03-01T07:00:00Z", link("missing.cap") + index("Storm")));
        assertThat(source("/feed").poll().taken()).isEqualTo(1);
        assertThat(room.active()).containsExactly("e1");
    }

    @Test
    void aFailedFeedIsTriedAgainAndItsHealthTellsSo() {
        FeedSource source = source("/feed");
        WarningSources sources = new WarningSources(List.of(source), room.warnings, room.settings, room.clock);
        assertThat(sources.read().state()).isEqualTo(Health.State.OK);
        sources.poll(source);
        Health.Reading down = sources.read();
        assertThat(down.state()).isEqualTo(Health.State.DEGRADED);
        assertThat(down.detail()).contains("/feed answered 404", "not read yet");
        assertThat(down.remedy()).isNotBlank();
        pages.put("/feed", "<html>".getBytes(UTF_8));
        sources.poll(source);
        assertThat(sources.read().detail()).contains("Line 1");
        room.clock.advance(java.time.Duration.ofMinutes(1));
        feed(entry("good", "2026-03-01T07:00:00Z", content(Cap.alert("A1"))));
        sources.poll(source);
        Health.Reading well = sources.read();
        assertThat(well.state()).isEqualTo(Health.State.OK);
        assertThat(well.detail()).contains("read 2026-03-01T08:01:00Z", "1 taken");
        assertThat(well.since()).isEqualTo(room.clock.instant());
    }

    @Test
    void aFeedThatIsTooLongIsNotRead() {
        pages.put("/feed", "x".repeat(4_000_001).getBytes(UTF_8));
        assertThat(source("/feed").poll().problem().orElseThrow()).contains("4000000 bytes");
    }

    @Test
    void aFeedInsideTheOwnNetworkIsNotCalledWithoutARule() {
        try (OutboundHttp strict = new OutboundHttp(OutboundPolicy.publicOnly())) {
            FeedSource source = new FeedSource(
                    WarningsFixture.source(base + "/feed"), strict, room.transactions, room.warnings, 1_000);
            assertThat(source.poll().problem().orElseThrow()).contains("private network");
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void theTimerPollsAndEndsWarningsByItself() throws Exception {
        room.post(Cap.alert("OLD"));
        room.clock.advance(java.time.Duration.ofDays(1));
        feed(entry("good", "2026-03-01T07:00:00Z", index("Storm")));
        WarningsSettings quick =
                new WarningsSettings(java.time.Duration.ofHours(24), java.time.Duration.ofMillis(20), 4_000_000, 10);
        WarningSources sources = new WarningSources(List.of(source("/feed")), room.warnings, quick, room.clock);
        sources.start();
        try {
            assertThat(sources.isRunning()).isTrue();
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (!(room.active().equals(List.of("good"))) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(room.active()).containsExactly("good");
            assertThat(room.only("OLD").state()).isEqualTo(WarningState.ENDED);
        } finally {
            sources.stop();
        }
        assertThat(sources.isRunning()).isFalse();
    }

    private FeedSource source(String path) {
        return new FeedSource(WarningsFixture.source(base + path), http, room.transactions, room.warnings, 4_000_000);
    }

    private void feed(String... entries) {
        pages.put(
                "/feed",
                ("<feed xmlns='http://www.w3.org/2005/Atom' xmlns:cap='" + CapSchema.NAMESPACE + "'>"
                                + String.join("", entries) + "</feed>")
                        .getBytes(UTF_8));
    }

    private static String entry(String id, String updated, String inside) {
        return "<entry><id>%s</id><updated>%s</updated><author><name>Alder Weather</name></author>%s</entry>"
                .formatted(id, updated, inside);
    }

    private static String content(Cap cap) {
        return "<content type='text/xml'>" + cap.xml().replaceFirst("<\\?xml[^>]*>\n", "") + "</content>";
    }

    private static String link(String href) {
        return "<link type='application/cap+xml' href='" + href + "'/>";
    }

    private static String index(String event) {
        return "<cap:event>" + event + "</cap:event><cap:status>Actual</cap:status><cap:msgType>Alert</cap:msgType>"
                + "<cap:severity>Severe</cap:severity><cap:areaDesc>Alder</cap:areaDesc>";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] page = pages.get(path);
        String tag = page == null ? "" : "\"" + java.util.Arrays.hashCode(page) + "\"";
        List<String> known = new ArrayList<>();
        if (exchange.getRequestHeaders().getFirst("If-None-Match") != null) {
            known.add(exchange.getRequestHeaders().getFirst("If-None-Match"));
        }
        boolean same = known.contains(tag);
        asked.add(path + (same ? " not modified" : ""));
        if (page == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (same) {
            exchange.sendResponseHeaders(304, -1);
        } else {
            exchange.getResponseHeaders().set("ETag", tag);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
        exchange.close();
    }
}
