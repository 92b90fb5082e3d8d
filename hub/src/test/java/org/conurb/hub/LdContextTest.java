package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LdContextTest {
    private static final List<String> NAMES = List.of(
            "speed",
            "temp",
            "heat",
            "ex:heat",
            "ex:speed",
            "other:heat",
            "location",
            "status",
            "title",
            "ngsi-ld:location",
            "https://example.org/heat",
            "urn:x:heat",
            "ex",
            "ü");

    private static LdContext context(String json) {
        return LdContext.of(
                Json.mapper().readTree(json),
                url -> {
                    throw NgsiLdFault.contextNotAvailable(url, "");
                },
                () -> "https://example.org/context");
    }

    @Test
    void equalNamesAreEqualWhateverContextTheyCameUnder() {
        LdContext other = context(
                "{\"temp\":\"https://uri.etsi.org/ngsi-ld/default-context/temperature\",\"ex\":\"https://example.org/\",\"speed\":\"ex:v\"}");
        assertThat(other.expand("temp")).isEqualTo("temperature");
        assertThat(other.expand("speed")).isEqualTo("https://example.org/v");
        assertThat(other.expand("ex:v")).isEqualTo("https://example.org/v");
        assertThat(other.expand("location")).isEqualTo("location");
        assertThat(other.compact("temperature")).isEqualTo("temp");
        assertThat(other.compact("https://example.org/v")).isEqualTo("speed");
        assertThat(other.compact("speed")).isEqualTo("https://uri.etsi.org/ngsi-ld/default-context/speed");
        assertThat(LdContext.CORE.expand("https://uri.etsi.org/ngsi-ld/location"))
                .isEqualTo("location");
        assertThat(LdContext.CORE.expand("https://uri.etsi.org/ngsi-ld/default-context/location"))
                .isEqualTo("https://uri.etsi.org/ngsi-ld/default-context/location");
    }

    @Test
    void nobodyRedefinesACoreTerm() {
        LdContext other = context(
                "{\"location\":\"https://example.org/place\",\"type\":\"https://example.org/type\",\"place\":\"https://uri.etsi.org/ngsi-ld/location\"}");
        assertThat(other.expand("location")).isEqualTo("location");
        assertThat(other.expand("place")).isEqualTo("location");
        assertThat(other.compact("location")).isEqualTo("location");
    }

    @Test
    void ofSeveralTermsThePlainAndShortOneIsTold() {
        LdContext other = context("""
                {"a":{"@id":"https://example.org/x","@container":"@list"},"word":"https://example.org/x","longword":"https://example.org/x"}""");
        assertThat(other.compact("https://example.org/x")).isEqualTo("word");
        assertThat(other.expand("a")).isEqualTo("https://example.org/x");
    }

    @Test
    void aNameThatTheContextTakesAwayIsRefusedAndNotDropped() {
        LdContext other =
                context("{\"speed\":null,\"heat\":{\"@id\":null},\"back\":{\"@reverse\":\"https://example.org/x\"}}");
        for (String name : List.of("speed", "heat", "back")) {
            assertThatThrownBy(() -> other.expand(name))
                    .isInstanceOf(NgsiLdFault.class)
                    .hasMessageContaining(name);
        }
        assertThat(other.compact("speed")).isEqualTo("https://uri.etsi.org/ngsi-ld/default-context/speed");
    }

    @Test
    void aContextWithoutTermsIsTheCore() {
        for (String json : List.of("{}", "[]", "[{},{}]", "\"" + Names.CORE_CONTEXT + "\"", "{\"@version\":1.1}")) {
            assertThat(context(json)).as(json).isSameAs(LdContext.CORE);
        }
        assertThat(LdContext.CORE.asSent().stringValue()).isEqualTo(Names.CORE_CONTEXT);
    }

    @Test
    void answersNameTheContextAndTheCore() {
        assertThat(context("{\"a\":\"https://example.org/a\"}").asSent().toString())
                .isEqualTo("[{\"a\":\"https://example.org/a\"},\"%s\"]".formatted(Names.CORE_CONTEXT));
        assertThat(context("[{\"a\":\"https://example.org/a\"},\"%s\"]".formatted(Names.CORE_CONTEXT))
                        .asSent()
                        .size())
                .isEqualTo(2);
    }

    static Stream<String> contexts() {
        return Stream.of(
                "{\"speed\":\"https://example.org/v\"}",
                "{\"speed\":{\"@id\":\"https://example.org/v\",\"@type\":\"@vocab\"}}",
                "{\"ex\":\"https://example.org/\",\"speed\":\"ex:v\",\"temp\":\"ex:t\"}",
                "{\"speed\":\"ex:v\",\"ex\":\"https://example.org/\"}",
                "{\"ex\":\"https://example.org/x\",\"speed\":\"ex:v\"}",
                "{\"ex\":{\"@id\":\"https://example.org/\"},\"speed\":\"ex:v\"}",
                "{\"ex\":{\"@id\":\"https://example.org/\",\"@prefix\":true},\"speed\":\"ex:v\"}",
                "{\"ex\":\"urn:\",\"speed\":\"ex:v\"}",
                "{\"@vocab\":\"https://schema.org/\",\"speed\":\"velocity\",\"temp\":{\"@type\":\"@id\"}}",
                "{\"@vocab\":\"https://schema.org/\",\"heat\":{\"@container\":\"@set\"}}",
                "[{\"ex\":\"https://one.example/\"},{\"speed\":\"ex:v\"},{\"ex\":\"https://two.example/\"}]",
                "[{\"speed\":\"https://example.org/v\"},{\"speed\":\"https://example.org/w\"}]",
                "[{\"speed\":\"https://example.org/v\"},null,{\"heat\":\"https://example.org/h\"}]",
                "[{\"speed\":\"https://example.org/v\"},{\"temp\":\"speed\"}]",
                "{\"a\":\"b\",\"b\":\"https://example.org/b\",\"speed\":\"a\"}",
                "{\"status\":\"https://example.org/status\",\"title\":\"https://example.org/title\"}",
                "{\"id\":\"@id\",\"type\":\"@type\",\"heat\":\"https://example.org/h\"}",
                "{\"speed\":\"https://uri.etsi.org/ngsi-ld/default-context/pace\"}",
                "{\"ex:heat\":{\"@id\":\"https://example.org/heat\",\"@type\":\"@id\"},\"ex\":\"https://example.org/\"}",
                "{\"other\":\"https://other.example/#\",\"heat\":{\"@id\":\"other:h\",\"@container\":[\"@set\",\"@index\"]}}",
                "{\"@base\":\"https://base.example/\",\"@language\":\"fr\",\"speed\":\"https://example.org/v\"}",
                "{\"ü\":\"https://example.org/umlaut\"}");
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void namesExpandAsAProcessorOfOthersExpandsThem(String json) {
        Map<String, String> ours = new HashMap<>();
        LdContext context = context(json);
        NAMES.forEach(name -> ours.put(name, Names.iri(context.expand(name))));
        assertThat(ours).isEqualTo(new Judge().expand(json, NAMES));
    }

    /** That processor is laxer than JSON-LD 1.1 API §4.2 with relative IRIs, and with circles through definitions. */
    @Test
    void randomContextsAreTakenAndReadAsAProcessorOfOthersDoes() {
        Random random = new Random(9);
        Judge judge = new Judge();
        int taken = 0;
        for (int run = 0; run < 400; run++) {
            String json = random(random);
            boolean takes = judge.takes(json);
            LdContext context = null;
            try {
                context = context(json);
            } catch (NgsiLdFault refused) {
                boolean lax =
                        refused.detail().contains("no IRI") || refused.detail().contains("by itself");
                assertThat(takes && !lax)
                        .as("%s is refused: %s", json, refused.detail())
                        .isFalse();
            }
            if (context != null) {
                taken++;
                assertThat(takes).as(json).isTrue();
                Map<String, String> judged = judge.expand(json, NAMES);
                for (String name : NAMES) {
                    if (judged.containsKey(name)) {
                        assertThat(Names.iri(context.expand(name)))
                                .as("%s under %s", name, json)
                                .isEqualTo(judged.get(name));
                    }
                }
            }
        }
        assertThat(taken).isGreaterThan(50);
    }

    private static String random(Random random) {
        List<String> parts = new ArrayList<>();
        for (int part = 1 + random.nextInt(2); part > 0; part--) {
            Map<String, String> terms = new HashMap<>();
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                String[] names = {"speed", "temp", "heat", "ex", "other", "a", "status"};
                String[] values = {
                    "\"https://example.org/\"",
                    "\"https://example.org/x\"",
                    "\"ex:v\"",
                    "\"other:v\"",
                    "\"heat\"",
                    "{\"@id\":\"ex:w\"}",
                    "{\"@type\":\"@id\"}",
                    "{\"@id\":\"a\",\"@container\":\"@set\"}",
                    "\"urn:a:b\"",
                    "\"https://example.org/#\""
                };
                terms.put(names[random.nextInt(names.length)], values[random.nextInt(values.length)]);
            }
            if (random.nextInt(3) == 0) {
                terms.put("@vocab", "\"https://vocab.example/\"");
            }
            StringBuilder object = new StringBuilder();
            terms.forEach((name, value) -> object.append(object.isEmpty() ? "" : ",")
                    .append('"')
                    .append(name)
                    .append("\":")
                    .append(value));
            parts.add("{" + object + "}");
        }
        return parts.size() == 1 ? parts.getFirst() : "[" + String.join(",", parts) + "]";
    }

    @Test
    void aTermWithAColonWhosePrefixIsNoneIsTakenAsItIsPublished() {
        LdContext other = context("{\"open311:type\":\"https://example.org/open311:type\"}");
        assertThat(other.expand("open311:type")).isEqualTo("https://example.org/open311:type");
        assertThat(other.compact("https://example.org/open311:type")).isEqualTo("open311:type");
    }

    @Test
    void nonsenseIsRefusedAndCostsLittle() {
        StringBuilder chain = new StringBuilder("{");
        for (int n = 0; n < 15_000; n++) {
            chain.append("\"t%d\":\"t%d\",".formatted(n, n + 1));
        }
        chain.append("\"t15000\":\"https://example.org/t\"}");
        for (String json : List.of(
                "7",
                "true",
                "{\"a\":7}",
                "{\"a\":[]}",
                "{\"a\":\"b\"}",
                "{\"a\":\"\"}",
                "{\"\":\"https://example.org/\"}",
                "{\"a\":{}}",
                "{\"a\":{\"@id\":7}}",
                "{\"a\":{\"@id\":\"https://example.org/\",\"@context\":{}}}",
                "{\"a\":{\"@id\":\"https://example.org/\",\"@nothing\":1}}",
                "{\"a\":{\"@id\":\"https://example.org/\",\"@container\":\"@heap\"}}",
                "{\"a\":{\"@id\":\"https://example.org/\",\"@container\":7}}",
                "{\"a\":{\"@id\":\"https://example.org/\",\"@prefix\":7}}",
                "{\"a\":{\"@id\":\"https://example.org/\",\"@type\":7}}",
                "{\"@version\":1.0}",
                "{\"@vocab\":7}",
                "{\"@import\":7}",
                "{\"a\":\"b:x\",\"b\":\"a:x\"}",
                "{\"c\":\"d\",\"d\":\"c\"}",
                "[[{}]]",
                "{\"ex:heat\":\"https://example.org/whole\",\"ex\":\"https://example.org/\"}",
                "[[[[[[[[[[{}]]]]]]]]]]",
                chain.toString())) {
            assertThatThrownBy(() -> context(json))
                    .as(json.substring(0, Math.min(80, json.length())))
                    .isInstanceOf(NgsiLdFault.class);
        }
    }
}
