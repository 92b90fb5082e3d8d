package org.conurb.warnings;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.conurb.kernel.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapReaderTest {
    @Test
    void anAlertIsReadInItsMeaning() {
        CapAlert alert = CapReader.read(Cap.alert("A1").bytes());
        assertThat(alert.identifier()).isEqualTo("A1");
        assertThat(alert.sent()).isEqualTo(Instant.parse("2026-03-01T08:00:00Z"));
        assertThat(alert.real()).isTrue();
        assertThat(alert.expires()).contains(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(alert.infos().getFirst().headline()).isEqualTo("Storm over Alder");
        assertThat(alert.areas().getFirst().polygon())
                .isEqualTo(Map.of(
                        "type",
                        "Polygon",
                        "coordinates",
                        List.of(List.of(
                                List.of(-70.2, 40.1),
                                List.of(-70.2, 40.2),
                                List.of(-70.1, 40.2),
                                List.of(-70.1, 40.1),
                                List.of(-70.2, 40.1)))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"australia.cap | en-AU | 1", "canada.cap | en-CA | 2", "earthquake-iso8859-1.cap | en-US | 1"})
    void realAlertsOfOtherCountriesAreRead(String sample, String language, int infos) throws Exception {
        CapAlert alert = CapReader.read(CapSamples.google(sample));
        assertThat(alert.infos()).hasSizeGreaterThanOrEqualTo(infos);
        assertThat(alert.infos().getFirst().language()).isEqualTo(language);
        assertThat(alert.areas()).isNotEmpty();
        assertThat(alert.areas().getFirst().polygon()).isNotNull();
        assertThat(WarningPlace.of(alert)).isPresent();
    }

    @Test
    void letterFormsOfOtherEncodingsAreKept() throws Exception {
        CapAlert quake = CapReader.read(CapSamples.google("earthquake-iso8859-1.cap"));
        assertThat(quake.infos().getFirst().headline()).contains("Usulután");
        String xml = Cap.alert("ü1").with("headline", "Überschwemmung").xml();
        byte[] latin = xml.replace("UTF-8", "ISO-8859-1").getBytes(ISO_8859_1);
        byte[] wide = xml.replace("UTF-8", "UTF-16").getBytes(UTF_16);
        for (byte[] document : List.of(xml.getBytes(UTF_8), latin, wide)) {
            assertThat(CapReader.read(document).identifier()).isEqualTo("ü1");
            assertThat(CapReader.read(document).infos().getFirst().headline()).isEqualTo("Überschwemmung");
        }
    }

    @Test
    void aSignedAlertIsTakenAndItsSignatureIsNotVerified() throws Exception {
        CapAlert signed = CapReader.read(CapSamples.google("canada_signed.cap"));
        assertThat(signed.identifier()).isEqualTo("2.49.0.1.124.f2c83f5f.2013");
        assertThat(signed.references()).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "invalid.cap | cap-schema | Line 9, | <scope> is missing",
                "earthquake.cap | cap-version | Line 3, | CAP 1.1",
                "weather.cap | cap-version | Line 2, | CAP 1.1",
                "noaa_errors.cap | cap-version | Line 3, | CAP 1.1",
                "xee.cap | cap-xml | Line 3, | DOCTYPE"
            })
    void brokenSamplesAreRefusedWithLineAndReason(String sample, String code, String line, String reason)
            throws Exception {
        byte[] document = CapSamples.google(sample);
        assertThatThrownBy(() -> CapReader.read(document)).isInstanceOfSatisfying(CapRefused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.category()).isEqualTo(Category.REQUEST);
            assertThat(refused.detail()).startsWith(line).contains(reason);
            assertThat(refused.remedy()).isNotBlank();
        });
    }

    @Test
    void aFaultIsNamedWithLineColumnElementAndReason() {
        assertRefused(Cap.alert("A").without("scope"), "Line 8, column 9: <scope> is missing in <alert>");
        assertRefused(
                Cap.alert("A").with("status", "actual"), "Line 6, column 11: in <status>, \"actual\" is not one of");
        assertRefused(Cap.alert("A").with("sent", "2026-03-01T08:00:00Z"), "Line 5", "<sent>", "offset in figures");
        assertRefused(Cap.alert("A").before("event", "<colour>red</colour>"), "no <colour> in <info>");
        assertRefused(Cap.alert("A").before("sender", "<scope>Public</scope>"), "<sender> is missing");
        assertRefused(Cap.alert("A").before("info", "<sender>x</sender>"), "<sender> stands too late");
        assertRefused(Cap.alert("A").before("status", "<sent>2026-03-01T08:00:00-00:00</sent>"), "only once");
        assertRefused(Cap.alert("A").before("status", "stray words"), "stray words");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "91,0 1,1 2,2 91,0",
                "0,181 1,1 2,2 0,181",
                "1,1 2,2 1,1",
                "1 1 2 2 3 3",
                "1,1,1 2,2,2 3,3,3",
                "a,b c,d e,f a,b",
                "NaN,1 1,1 2,2 NaN,1",
                "1,1 2,2,",
                "Infinity,0 0,0 1,1",
                "1e1,1 2,2 3,3",
                "0x1,1 2,2 3,3"
            })
    void polygonsOffTheEarthOrUnreadableAreRefused(String polygon) {
        assertRefused(Cap.alert("A").with("polygon", polygon), "cap-rule", "Line 20", "<polygon>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,1", "1,1 -5", "1,1 km", "91,1 5", "1,1 99999", "1,1 5 5", "1 1 5"})
    void circlesOffTheEarthOrUnreadableAreRefused(String circle) {
        Cap cap = new Cap(Cap.alert("A").xml().replaceAll("<polygon>.*</polygon>", "<circle>" + circle + "</circle>"));
        assertRefused(cap, "cap-rule", "<circle>");
    }

    @Test
    void namesThatReferencesCouldNotCarryAreRefused() {
        for (String name : List.of("", " ", "a b", "a,b", "x".repeat(501), "&lt;a", "a&amp;b", "漢".repeat(400))) {
            assertRefused(Cap.alert("A").with("identifier", name), "cap-rule", "<identifier>");
            assertRefused(Cap.alert("A").with("sender", name), "cap-rule", "<sender>");
        }
        assertRefused(Cap.alert("A").before("info", "<references>a,b</references>"), "sender,identifier,sent");
        assertThat(CapReader.read(Cap.alert("A")
                                .before("info", "<references> </references>")
                                .bytes())
                        .references())
                .isEmpty();
    }

    @Test
    void aLinkIsKeptOnlyWhereABrowserMayFollowIt() {
        CapAlert script = CapReader.read(
                Cap.alert("A").before("area", "<web>javascript:alert(1)</web>").bytes());
        assertThat(script.infos().getFirst().web()).isNull();
        CapAlert link = CapReader.read(
                Cap.alert("A").before("area", "<web>https://a.example/</web>").bytes());
        assertThat(link.infos().getFirst().web()).isEqualTo("https://a.example/");
    }

    @Test
    void nothingOutsideTheDocumentIsFetchedOrRead() throws Exception {
        AtomicInteger hits = new AtomicInteger();
        HttpServer canary = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        canary.createContext("/", exchange -> {
            hits.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        canary.start();
        String url = "http://127.0.0.1:" + canary.getAddress().getPort() + "/x";
        String body = Cap.alert("A").xml().replaceFirst("<\\?xml[^>]*>\n", "");
        List<String> hostile = List.of(
                "<!DOCTYPE alert SYSTEM \"" + url + "\">" + body,
                "<!DOCTYPE alert [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + body.replace("Storm<", "&x;<"),
                "<!DOCTYPE alert [<!ENTITY % x SYSTEM \"" + url + "\"> %x;]>" + body,
                "<!DOCTYPE alert [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>"
                        + body.replace("Storm<", "&b;<"),
                body.replace("Storm<", "&undefined;<"),
                body.replace(
                        "Storm<", "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"" + url + "\"/><"));
        for (String document : hostile) {
            assertThatThrownBy(() -> CapReader.read(document.getBytes(UTF_8)))
                    .as(document)
                    .isInstanceOf(CapRefused.class)
                    .hasMessageNotContaining("root:");
        }
        String hinted = body.replace(
                "<alert ",
                "<?xml-stylesheet href=\"" + url + "\"?><alert xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                        + " xsi:schemaLocation=\"urn:oasis:names:tc:emergency:cap:1.2 " + url + "\" ");
        assertThat(CapReader.read(hinted.getBytes(UTF_8)).identifier()).isEqualTo("A");
        canary.stop(0);
        assertThat(hits).hasValue(0);
    }

    @Test
    void bombsCostABound() {
        long start = System.nanoTime();
        StringBuilder entities = new StringBuilder("<!DOCTYPE lolz [<!ENTITY l0 \"lol\">");
        for (int i = 1; i < 30; i++) {
            entities.append("<!ENTITY l").append(i).append(" \"");
            entities.append(("&l" + (i - 1) + ";").repeat(10)).append("\">");
        }
        entities.append("]><alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">&l29;</alert>");
        String deep = "<Signature xmlns=\"" + CapSchema.SIGNATURE_NAMESPACE + "\">" + "<a>".repeat(200_000);
        String many = "<code/>".repeat(120_000);
        String attributes = "<info " + "a".repeat(10) + "=\"" + "x".repeat(800_000) + "\">";
        for (String document : List.of(
                entities.toString(),
                Cap.alert("A").xml().replace("</alert>", deep),
                Cap.alert("A").before("info", many).xml(),
                Cap.alert("A").xml().replace("<info>", attributes),
                "<a>".repeat(300_000),
                "x".repeat(1_000_001))) {
            assertThatThrownBy(() -> CapReader.read(document.getBytes(UTF_8))).isInstanceOf(CapRefused.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void moreThanAMegabyteIsTooLarge() {
        byte[] document = Cap.alert("A").with("headline", "x".repeat(1_000_000)).bytes();
        assertThatThrownBy(() -> CapReader.read(document))
                .isInstanceOfSatisfying(
                        CapRefused.class,
                        refused -> assertThat(refused.category()).isEqualTo(Category.TOO_LARGE));
    }

    @Test
    void damagedBytesAreReadOrRefusedAndNothingElse() {
        Random random = new Random(42);
        byte[] good = Cap.alert("A").bytes();
        for (int n = 0; n < 5_000; n++) {
            byte[] damaged = n % 10 == 0 ? new byte[random.nextInt(300)] : good.clone();
            if (n % 10 == 0) {
                random.nextBytes(damaged);
            }
            for (int i = random.nextInt(4); i >= 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                CapReader.read(damaged);
            } catch (CapRefused refused) {
                assertThat(refused.detail()).startsWith("Line ");
            }
        }
    }

    private static void assertRefused(Cap cap, String... words) {
        assertThatThrownBy(() -> CapReader.read(cap.bytes()))
                .isInstanceOfSatisfying(
                        CapRefused.class,
                        refused -> assertThat(refused.code() + " " + refused.detail())
                                .contains(words));
    }
}
