package org.conurb.hub;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * When each instance of an attribute was created and last modified (GS CIM 009 clause 4.8). Kept as a line for each of
 * which either is another moment than the entity's creation: name, datasetId, and both in microseconds since 1970.
 */
final class AttributeTimes {
    private final long entity;
    private final Map<String, long[]> times = new LinkedHashMap<>();

    private AttributeTimes(Instant entity) {
        this.entity = micros(entity);
    }

    static AttributeTimes of(String text, Instant entityCreatedAt) {
        AttributeTimes all = new AttributeTimes(entityCreatedAt);
        for (String line : text.isEmpty() ? new String[0] : text.split("\n", -1)) {
            int modified = line.lastIndexOf(' ');
            int created = line.lastIndexOf(' ', modified - 1);
            all.times.put(line.substring(0, created), new long[] {
                Long.parseLong(line.substring(created + 1, modified)), Long.parseLong(line.substring(modified + 1))
            });
        }
        return all;
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    private static String key(String name, String dataset) {
        return name + ' ' + dataset;
    }

    private long[] times(String key) {
        long[] known = times.get(key);
        return known == null ? new long[] {entity, entity} : known;
    }

    /** Tells them in each instance of such a document. */
    void putInto(ObjectNode document) {
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            if (Stored.isAttribute(member.getKey())) {
                for (JsonNode instance : AttributeReader.instances(member.getValue())) {
                    long[] known = times(key(member.getKey(), EntityReader.dataset(instance)));
                    ((ObjectNode) instance).put("createdAt", text(known[0])).put("modifiedAt", text(known[1]));
                }
            }
        }
    }

    private static String text(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    /** The lines after a change of that entity. */
    String after(ObjectNode before, ObjectNode next, Collection<String> changed, Instant at) {
        long now = micros(at);
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, JsonNode> member : next.properties()) {
            String name = member.getKey();
            if (!Stored.isAttribute(name)) {
                continue;
            }
            for (JsonNode instance : AttributeReader.instances(member.getValue())) {
                String dataset = EntityReader.dataset(instance);
                String key = key(name, dataset);
                long[] known = times(key);
                long modified = known[1];
                if (changed.contains(name)) {
                    JsonNode old = EntityMerge.instance(before.get(name), dataset);
                    known = old == null ? new long[] {now, now} : known;
                    modified = Documents.same(old, instance) ? modified : now;
                }
                if (known[0] != entity || modified != entity) {
                    lines.append(lines.isEmpty() ? "" : "\n").append(key).append(' ');
                    lines.append(known[0]).append(' ').append(modified);
                }
            }
        }
        return lines.toString();
    }
}
