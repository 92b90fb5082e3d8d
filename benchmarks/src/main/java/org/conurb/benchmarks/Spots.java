package org.conurb.benchmarks;

import java.util.Locale;

/**
 * Entities of five attributes: a number that differs in each, a text, a level with the moment it was observed, a
 * relationship and a place. Ten lie within a few metres of one another, and the next ten 300 m away, so that a question
 * for a stretch of numbers or for what is near has ten answers, however many there are.
 */
final class Spots {
    static final int TOGETHER = 10;
    private static final int ACROSS = 400;
    private static final double APART_DEGREES = 0.004;

    private Spots() {}

    static String id(int number) {
        return "urn:ngsi-ld:Spot:bench-" + number;
    }

    static String entity(int number) {
        return String.format(
                Locale.ROOT,
                """
                {"id":"%s","type":"Spot","serial":{"type":"Property","value":%d},\
                "name":{"type":"Property","value":"Spot %d of the quiet street"},\
                "level":{"type":"Property","value":%d,"unitCode":"P1","observedAt":"2026-03-01T08:00:00Z"},\
                "refZone":{"type":"Relationship","object":"urn:ngsi-ld:Zone:%d"},\
                "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[%.5f,%.5f]}}}""",
                id(number),
                number,
                number,
                number % 100,
                number / TOGETHER,
                longitude(number) + (number % TOGETHER) * 0.00001,
                latitude(number));
    }

    /** A newer level; the moment follows the value, so that each is history. */
    static String level(int value) {
        return """
                {"level":{"type":"Property","value":%d,"unitCode":"P1","observedAt":"2026-03-%02dT%02d:%02d:%02dZ"}}""".formatted(value, 2 + value / 86_400 % 29, value / 3600 % 24, value / 60 % 60, value % 60);
    }

    static String between(int number) {
        int from = number / TOGETHER * TOGETHER;
        return "/ngsi-ld/v1/entities?type=Spot&limit=20&q=serial%3E=" + from + ";serial%3C" + (from + TOGETHER);
    }

    static String near(int number) {
        return String.format(
                Locale.ROOT,
                "/ngsi-ld/v1/entities?type=Spot&limit=20&georel=near;maxDistance==100&geometry=Point&coordinates=%%5B%.5f,%.5f%%5D",
                longitude(number),
                latitude(number));
    }

    private static double longitude(int number) {
        return 7 + number / TOGETHER % ACROSS * APART_DEGREES;
    }

    private static double latitude(int number) {
        return 43 + (double) (number / TOGETHER / ACROSS) * APART_DEGREES;
    }
}
