package org.conurb.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.conurb.kernel.Cell;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import tools.jackson.databind.JsonNode;

/**
 * A geo-query (GS CIM 009 clause 4.10).
 *
 * @param property geoproperty asked, as kept
 * @param minMetres for {@code near}; 0 where not given
 * @param maxMetres for {@code near}; infinite where not given
 */
record GeoQuery(Relation relation, Geometry geometry, String property, double minMetres, double maxMetres) {
    private static final int MOST_CELLS = 9;
    private static final double HALF_THE_EARTH = 20_100_000;

    enum Relation {
        NEAR,
        WITHIN,
        CONTAINS,
        INTERSECTS,
        EQUALS,
        DISJOINT,
        OVERLAPS
    }

    /** Decides on a kept document. */
    boolean matches(JsonNode document) {
        JsonNode attribute = Stored.isAttribute(property) ? document.get(property) : null;
        if (attribute == null) {
            return false;
        }
        for (JsonNode instance : attribute.isArray() ? attribute : List.of(attribute)) {
            if (AttributeKind.of(instance) == AttributeKind.GEO
                    && holds(Geometries.sound(Geometries.read(property, instance.path("value"))))) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(Geometry target) {
        return switch (relation) {
            case NEAR -> {
                double metres = Geometries.metres(target, geometry);
                yield metres >= minMetres && metres <= maxMetres;
            }
            case WITHIN -> target.within(geometry);
            case CONTAINS -> target.contains(geometry);
            case INTERSECTS -> target.intersects(geometry);
            case EQUALS -> target.equalsTopo(geometry);
            case DISJOINT -> target.disjoint(geometry);
            case OVERLAPS -> target.overlaps(geometry);
        };
    }

    /** Whether cells can narrow it down. */
    boolean narrow() {
        return relation != Relation.DISJOINT && (relation != Relation.NEAR || maxMetres < HALF_THE_EARTH);
    }

    /**
     * Spans of cell ids, as pairs, one of which every matching geometry touches: the cells that cover the place asked,
     * with all within them, and the single cells around them.
     */
    List<long[]> spans() {
        List<Envelope> boxes =
                relation == Relation.NEAR ? Geometries.around(geometry.getEnvelopeInternal(), maxMetres) : List.of();
        List<Long> cells = new ArrayList<>();
        if (relation == Relation.NEAR) {
            boxes.forEach(box -> cells.addAll(Geometries.cover(box, MOST_CELLS / boxes.size())));
        } else {
            cells.addAll(Geometries.cover(geometry, MOST_CELLS));
        }
        TreeSet<Long> around = new TreeSet<>();
        List<long[]> spans = new ArrayList<>();
        for (Long id : cells) {
            Cell cell = new Cell(id);
            spans.add(new long[] {cell.min(), cell.max()});
            for (int level = 0; level < cell.level(); level += 2) {
                around.add(cell.ancestor(level).id());
            }
        }
        around.forEach(id -> spans.add(new long[] {id, id}));
        return spans;
    }
}
