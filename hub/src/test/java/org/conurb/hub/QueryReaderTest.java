package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class QueryReaderTest {
    private static final ObjectNode DOCUMENT =
            new EntityReader(LdContext.CORE).entity((ObjectNode) Json.mapper().readTree("""
            {"id":"urn:x:1","type":"T","n":5,"list":{"value":[1,2,"a"]},"text":"abc","at":"2026-03-01T08:00:00Z",
             "words":{"languageMap":{"en":"fire","fr":"feu"}},"deep":{"value":{"a":{"b":7}}},"kind":{"vocab":"commercial"},"room":{"object":"urn:x:2"},"sub":{"value":1,"unit":{"value":"km"}}}"""));

    private static boolean matches(String q) {
        return QueryMatch.matches(QueryReader.read(q, LdContext.CORE), DOCUMENT);
    }

    @Test
    void comparisonsAreDecidedOnTheDocument() {
        for (String holds : List.of(
                "n==5",
                "n>=5;n<6",
                "n>4|nothing",
                "list==2",
                "list==\"a\"",
                "list!=3",
                "text==\"abc\"",
                "text==abc,def",
                "at>2026-01-01T00:00:00Z",
                "at==2026-03-01T09:00:00+01:00",
                "words[fr]==\"feu\"",
                "words==\"fire\"",
                "deep[a.b]==7",
                "sub.unit==\"km\"",
                "text~=b.",
                "text!~=^z",
                "n!=\"5\"",
                "n==1..9",
                "n!=6..9",
                "!nothing",
                "!deep[a.c]",
                "n;!nothing",
                "list[0]==1",
                "text==\"a\\bc\"",
                "words[*]==\"feu\"",
                "words[EN]==\"fire\"",
                "kind==https://uri.etsi.org/ngsi-ld/default-context/commercial",
                "room==urn:x:2",
                "room==\"urn:x:2\"",
                "room!=urn:x:3",
                "at==\"2026-03-01T08:00:00Z\"",
                "at>\"2026-03-01T07:59:59.5Z\"",
                "(((n==5)))")) {
            assertThat(matches(holds)).as(holds).isTrue();
        }
        for (String not : List.of(
                "n==6",
                "n>5",
                "n==\"5\"",
                "list==3",
                "list!=2",
                "text>\"b\"",
                "nothing!=1",
                "words[de]",
                "deep[a.c]",
                "n==6..9",
                "sub.other",
                "id==\"urn:x:1\"",
                "!n",
                "!text",
                "n!=1..9",
                "room>\"urn:a\"",
                "room~=urn",
                "words[*]!=\"feu\"",
                "words[en]==\"feu\"",
                "kind==commercial",
                "list[7]",
                "room{n}==5",
                "n>5|text==\"x\"")) {
            assertThat(matches(not)).as(not).isFalse();
        }
    }

    @Test
    void termsOfTheContextAreWhatTheyStandForWhereThatIsAsked() {
        assertThat(QueryMatch.matches(
                        QueryReader.read("q", "kind==commercial", LdContext.CORE, Set.of("kind")), DOCUMENT))
                .isTrue();
    }

    @Test
    void linkedEntitiesAreLookedAtThroughBraces() {
        ObjectNode room = new EntityReader(LdContext.CORE)
                .entity((ObjectNode) Json.mapper().readTree("""
                {"id":"urn:x:2","type":["Room","Place"],"name":"A","in":{"object":"urn:x:3"}}"""));
        ObjectNode house = new EntityReader(LdContext.CORE)
                .entity((ObjectNode) Json.mapper().readTree("""
                {"id":"urn:x:3","type":"House","floors":3}"""));
        Map<String, ObjectNode> all = Map.of("urn:x:2", room, "urn:x:3", house);
        for (String holds : List.of(
                "room{name}==\"A\"",
                "room{Room:name}==\"A\"",
                "room{Hall|Place:name}",
                "room{in{floors}}>2",
                "room{Place:in{House:floors}}==3",
                "!room{size}")) {
            assertThat(QueryMatch.matches(QueryReader.read(holds, LdContext.CORE), DOCUMENT, all::get))
                    .as(holds)
                    .isTrue();
        }
        for (String not : List.of(
                "room{name}==\"B\"", "room{Hall:name}==\"A\"", "room{in{floors}}>3", "n{name}==\"A\"", "!room{name}")) {
            assertThat(QueryMatch.matches(QueryReader.read(not, LdContext.CORE), DOCUMENT, all::get))
                    .as(not)
                    .isFalse();
        }
        assertThat(QueryReader.read("room{in{floors}}>2;n", LdContext.CORE).hops())
                .isEqualTo(2);
    }

    @Test
    void aFaultTellsItsPlace() {
        assertThatThrownBy(() -> matches("n==5;;n==6")).hasMessageContaining("character 6");
        assertThatThrownBy(() -> matches("n==5)")).hasMessageContaining("character 5");
        assertThatThrownBy(() -> matches("n==\"abc")).hasMessageContaining("character 8");
        assertThatThrownBy(() -> matches("n>4..5")).hasMessageContaining("character 4");
        assertThatThrownBy(() -> matches("n>true")).hasMessageContaining("character 7");
        assertThatThrownBy(() -> matches("!n==5")).hasMessageContaining("character 3");
        assertThatThrownBy(() -> matches("room{name")).hasMessageContaining("character 10");
        assertThatThrownBy(() -> matches("room{}")).hasMessageContaining("character 6");
        assertThatThrownBy(() -> matches("deep[a.]")).hasMessageContaining("character 8");
    }

    @Test
    void randomTextIsReadOrRefusedAndNothingElse() {
        Random random = new Random(42);
        String alphabet = "ab.n=!<>~;|()[]{}:\",01-e: \\\u00e9@*";
        for (int run = 0; run < 50_000; run++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(30);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                matches(text.toString());
            } catch (NgsiLdFault refused) {
                assertThat(refused.category().status()).isEqualTo(400);
            }
        }
    }

    @Test
    void depthTermsAndLengthAreBounded() {
        assertThatThrownBy(() -> matches("(".repeat(1_000) + "n" + ")".repeat(1_000)))
                .isInstanceOf(NgsiLdFault.class);
        assertThatThrownBy(() -> matches("n;".repeat(500) + "n")).isInstanceOf(NgsiLdFault.class);
        assertThatThrownBy(() -> matches("n==" + "9".repeat(9_000))).isInstanceOf(NgsiLdFault.class);
    }
}
