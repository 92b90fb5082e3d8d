package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.conurb.hub.QueryDoors.Reply;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a request about time is named, and answered with the type of the clause. */
final class BadTemporalApiTest {
    private final QueryDoors doors = new QueryDoors(TestClock.at("2026-03-02T08:00:00Z"));
    private final Drive car = new Drive(doors);

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    /** A body without its first members, and what the fault is found at. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "q":"speed"                                                                               | timerel
            "temporalQ":7                                                                             | temporalQ
            "temporalQ":{"timerel":"during","timeAt":"2026-03-01T12:00:00Z"}                          | timerel
            "temporalQ":{"timerel":"between","timeAt":"2026-03-01T12:00:00Z"}                         | endTimeAt
            "temporalQ":{"timerel":"after","timeAt":"2026-03-01T12:00:00Z","lastN":0}                 | lastN
            "temporalQ":{"timerel":"after","timeAt":"2026-03-01T12:00:00Z","lastN":1.5}               | lastN
            "temporalQ":{"timerel":"after","timeAt":7}                                                | timeAt
            "temporalQ":{"timerel":"after","timeAt":"2026-03-01T12:00:00Z","more":1}                  | more
            "temporalQ":{"timerel":"after","timeAt":"2026-03-01T12:00:00Z"},"aggrParams":{}           | aggrMethods
            "temporalQ":{"timerel":"after","timeAt":"2026-03-01T12:00:00Z"},"aggrParams":{"aggrMethods":["median"]} | aggrMethods
            "temporalQ":{"timerel":"after","timeAt":"2026-03-01T12:00:00Z"},"aggrParams":{"aggrMethods":["avg"],"aggrPeriodDuration":"1h"} | aggrPeriodDuration
            """)
    void aQueryInABodyThatIsWrongIsRefused(String members, String place) {
        String body = "{\"type\":\"Query\",\"entities\":[{\"type\":\"Vehicle\"}],%s}".formatted(members);
        Reply reply = doors.call("POST", "temporal/entityOperations/query", body);
        Drive.refused(reply, 400);
        assertThat(reply.json().get("detail").stringValue()).contains(place);
    }

    /** What is wrong, and the parameter or part of it that the answer names. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            timerel=during&timeAt=2026-03-01T00:00:00Z                                                | timerel
            timerel=after                                                                             | timeAt
            timerel=after&timeAt=2026-03-01                                                           | timeAt
            timerel=after&timeAt=soon                                                                 | timeAt
            timerel=between&timeAt=2026-03-01T00:00:00Z                                               | endTimeAt
            timerel=between&timeAt=2026-03-01T00:00:00Z&endTimeAt=2026-03-01T00:00:00Z                | endTimeAt
            timerel=after&timeAt=2026-03-01T00:00:00Z&endTimeAt=2026-03-02T00:00:00Z                  | endTimeAt
            timeAt=2026-03-01T00:00:00Z                                                               | timerel
            endTimeAt=2026-03-01T00:00:00Z                                                            | timerel
            timeproperty=expiresAt                                                                    | timeproperty
            lastN=0                                                                                   | lastN
            lastN=-1                                                                                  | lastN
            lastN=1.5                                                                                 | lastN
            lastN=many                                                                                | lastN
            lastN=1&lastN=2                                                                           | lastN
            format=xml                                                                                | format
            options=temporalValues,aggregatedValues                                                   | options
            format=aggregatedValues                                                                   | aggrMethods
            format=aggregatedValues&aggrMethods=median                                                | aggrMethods
            format=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=1h                             | aggrPeriodDuration
            format=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=P                              | aggrPeriodDuration
            format=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=-PT1H                          | aggrPeriodDuration
            format=aggregatedValues&aggrMethods=avg&lastN=3                                           | lastN
            aggrMethods=avg                                                                           | aggrMethods
            aggrPeriodDuration=PT1H                                                                   | aggrPeriodDuration
            datasetId=nouri                                                                           | datasetId
            attrs=,                                                                                   | attrs
            attrs=a%20b                                                                               | a b
            attrs=speed&pick=speed                                                                    | attrs
            pick=speed&omit=speed                                                                     | speed
            pick=owner%7Bname%7D                                                                      | pick
            omit=                                                                                     | omit
            unknown=1                                                                                 | unknown
            """)
    void aParameterThatIsWrongOrContradictoryIsRefused(String parameters, String place) {
        car.drive();
        String day =
                parameters.matches("(timerel|timeAt|endTimeAt).*") ? "" : "timerel=after&timeAt=2026-03-01T00:00:00Z&";
        for (Reply reply :
                List.of(car.read(parameters), doors.get("temporal/entities?type=Vehicle&" + day + parameters))) {
            Drive.refused(reply, 400);
            assertThat(reply.json().get("detail").stringValue()).contains(place);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                          | everything
            type=Vehicle&limit=-1       | limit
            type=Vehicle&id=nouri       | parameter id
            type=Vehicle&idPattern=%28  | idPattern
            type=Vehicle&q=%28          | q
            type=Vehicle&georel=near    | geometry
            type=Vehicle&cursor=x       | cursor
            attrs=createdAt             | everything
            type=Vehicle&q=owner%7Bname%7D==%22x%22 | q
            type=Vehicle&orderBy=name   | orderBy
            type=Vehicle&scopeQ=%28     | scopeQ
            type=Vehicle&csf=%29%29bad  | csf
            """)
    void aQueryThatIsTooWideOrWrongIsRefused(String parameters, String place) {
        Reply reply = doors.get("temporal/entities?timerel=after&timeAt=2026-03-01T00:00:00Z&" + parameters);
        Drive.refused(reply, 400);
        assertThat(reply.json().get("detail").stringValue()).contains(place);
    }

    @Test
    void aQueryMustSayOfWhichTime() {
        Reply reply = doors.get("temporal/entities?type=Vehicle");
        Drive.refused(reply, 400);
        assertThat(reply.json().get("detail").stringValue()).contains("timerel");
        Drive.refused(
                doors.call(
                        "POST",
                        "temporal/entityOperations/query",
                        "{\"type\":\"Query\",\"temporalQ\":{\"timerel\":\"after\",\"timeAt\":\"2026-03-01T12:00:00Z\"}}"),
                400);
    }

    @Test
    void whatThisHubDoesNotDoIsRefusedByName() {
        String after = "temporal/entities?type=Vehicle&timerel=after&timeAt=2026-03-01T00:00:00Z&";
        for (String parameter : List.of("orderBy=id", "entityMap=true", "splitEntities=true")) {
            Reply reply = doors.get(after + parameter);
            Drive.refused(reply, 422);
            assertThat(reply.json().get("type").stringValue()).endsWith("/OperationNotSupported");
        }
        assertThat(doors.call("GET", "temporal/entities/" + Drive.CAR, "", "Accept", "application/geo+json")
                        .status())
                .isEqualTo(406);
    }

    @ParameterizedTest
    @ValueSource(strings = {"temporal/entities/nouri", "temporal/entities/nouri/attrs/speed"})
    void anIdThatIsNoUriIsRefused(String path) {
        Drive.refused(doors.call(path.endsWith("speed") ? "DELETE" : "GET", path, ""), 400);
    }
}
