package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MeasureStoreTest {
    private static final List<String> INSTANCES = List.of(
            "{\"type\":\"Property\",\"value\":5.5}",
            "{\"type\":\"Property\",\"value\":true}",
            "{\"type\":\"Property\",\"value\":[1,2,3]}",
            "{\"type\":\"Property\",\"value\":\"five\"}",
            "{\"type\":\"Property\",\"value\":{\"a\":1}}",
            "{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":[7,43]}}",
            "{\"type\":\"LanguageProperty\",\"languageMap\":{\"en\":\"five\"}}",
            "{\"type\":\"VocabProperty\",\"vocab\":\"five\"}",
            "{\"type\":\"JsonProperty\",\"json\":7}",
            "{\"type\":\"ListProperty\",\"valueList\":[1]}",
            "{\"type\":\"Relationship\",\"object\":\"urn:x:1\"}",
            "{\"type\":\"ListRelationship\",\"objectList\":[\"urn:x:1\"]}");

    private final Hub hub = new Hub();

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    @Test
    void whatWasThereBeforeItsMigrationIsMeasuredAlike() {
        hub.transactions.doAsSystem(() -> INSTANCES.forEach(instance ->
                hub.transactions.jdbc().sql("""
                        insert into hub.attribute_instance
                               (tenant, organisation_id, iid, kind, name, dataset, at, recorded_at, value)
                        values ('', 'fire', 1, 'T', :value, '', now(), now(), :value)
                        """).param("value", instance).update()));
        hub.transactions.doAs(
                List.of(Hub.FIRE),
                () -> hub.transactions.jdbc().sql(migration()).update());

        for (String instance : INSTANCES) {
            Measure kept = hub.transactions.asSystem(() -> hub.transactions
                    .jdbc()
                    .sql("select shape, number from hub.attribute_instance where value = :value")
                    .param("value", instance)
                    .query((row, n) ->
                            new Measure(row.getString("shape").charAt(0), row.getObject("number", Double.class)))
                    .single());
            JsonNode node = Json.mapper().readTree(instance);
            assertThat(kept).as(instance).isEqualTo(Measure.of(node));
        }
    }

    private static String migration() {
        try (InputStream in = MeasureStoreTest.class.getResourceAsStream("/db/hub/V005__evolution.sql")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Matcher update = Pattern.compile("(?s)update hub\\.attribute_instance h set.*?;")
                    .matcher(text);
            assertThat(update.find()).isTrue();
            return update.group();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void typedMomentsDatesAndTimesHaveNumbersAndComeBack() {
        assertThat(measure("DateTime", "2026-03-01T08:00:00.25Z")).isEqualTo("2026-03-01T08:00:00.250Z");
        assertThat(measure("https://uri.etsi.org/ngsi-ld/Date", "2026-03-01")).isEqualTo("2026-03-01");
        assertThat(measure("Time", "23:05:00Z")).isEqualTo("23:05:00Z");
        assertThat(measure("Time", "23:05:00.5+01:00")).isEqualTo("22:05:00.500Z");
        assertThat(Measure.of(typed("DateTime", "soon")).shape()).isEqualTo(Measure.OBJECT);
    }

    private static Object measure(String type, String value) {
        Measure measure = Measure.of(typed(type, value));
        return Measure.value(measure.shape(), measure.number());
    }

    private static JsonNode typed(String type, String value) {
        return Json.mapper()
                .readTree("{\"type\":\"Property\",\"value\":{\"@type\":\"%s\",\"@value\":\"%s\"}}"
                        .formatted(type, value));
    }
}
