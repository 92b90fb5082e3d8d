package org.conurb.basemap;

import org.locationtech.jts.geom.Envelope;

/** A box on WGS 84, in degrees; it does not cross the 180th meridian. */
record Area(double west, double south, double east, double north) {
    private static final String FORM = "Give the box as W,S,E,N in degrees, for example 7.40,43.72,7.44,43.76.";

    Area {
        if (!(west >= -180 && east <= 180 && south >= -85 && north <= 85)) {
            throw new Unusable("Area %s,%s,%s,%s is not on the map.".formatted(west, south, east, north), FORM);
        }
        if (!(west < east && south < north)) {
            throw new Unusable(
                    "Area %s,%s,%s,%s is empty: west must be less than east, south less than north."
                            .formatted(west, south, east, north),
                    FORM);
        }
    }

    static Area parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 4) {
            throw new Unusable("Area \"%s\" has not four numbers.".formatted(text), FORM);
        }
        try {
            return new Area(
                    Double.parseDouble(parts[0].strip()),
                    Double.parseDouble(parts[1].strip()),
                    Double.parseDouble(parts[2].strip()),
                    Double.parseDouble(parts[3].strip()));
        } catch (NumberFormatException e) {
            throw new Unusable("Area \"%s\" has not four numbers.".formatted(text), FORM);
        }
    }

    Envelope envelope() {
        return new Envelope(west, east, south, north);
    }

    /** As Planetiler's argument {@code bounds} reads it. */
    @Override
    public String toString() {
        return west + "," + south + "," + east + "," + north;
    }
}
