package org.conurb.streets;

import com.graphhopper.routing.ev.BooleanEncodedValue;
import com.graphhopper.routing.ev.DecimalEncodedValue;
import com.graphhopper.routing.ev.DecimalEncodedValueImpl;
import com.graphhopper.routing.ev.SimpleBooleanEncodedValue;
import com.graphhopper.routing.util.DefaultSnapFilter;
import com.graphhopper.routing.util.EncodingManager;
import com.graphhopper.routing.weighting.SpeedWeighting;
import com.graphhopper.routing.weighting.Weighting;
import com.graphhopper.storage.CHConfig;

/**
 * What writer and reader of a road graph must agree on: two values an edge carries, and what a way costs. Made anew by
 * each, so that nothing of it is stored; {@link #FORM} tells when it changed.
 */
record Roads(EncodingManager values, DecimalEncodedValue speed, BooleanEncodedValue island) {
    /** Grows with each change of the profile or of GraphHopper's files; another form on disk is not read. */
    static final String FORM = "conurb-roads 1 graphhopper 11";

    static final String NAME = "emergency";
    private static final int SPEED_BITS = 6;
    private static final double SPEED_STEP_KMH = 2;

    static Roads make() {
        DecimalEncodedValue speed = new DecimalEncodedValueImpl(NAME + "_speed", SPEED_BITS, SPEED_STEP_KMH, true);
        BooleanEncodedValue island = new SimpleBooleanEncodedValue(NAME + "_island");
        EncodingManager values = EncodingManager.start().add(speed).add(island).build();
        return new Roads(values, speed, island);
    }

    /** Metres over km/h. */
    Weighting weighting() {
        return new SpeedWeighting(speed);
    }

    static double seconds(double weight) {
        return weight * 3.6;
    }

    CHConfig hierarchy() {
        return CHConfig.nodeBased(NAME, weighting());
    }

    /** Edges that one can drive on, and leave. */
    DefaultSnapFilter drivable() {
        return new DefaultSnapFilter(weighting(), island);
    }
}
