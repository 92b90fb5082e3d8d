package org.conurb.video;

import java.util.Locale;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;

/** How cameras look to everyone else: linked entities of the hub's model. */
final class CameraEntities {
    private CameraEntities() {}

    static Entity of(Camera camera, CameraStatus status) {
        Entity entity = Entity.of(camera.urn(), Camera.KIND, camera.organisation())
                .with("name", Attribute.property(camera.name()))
                .with("location", Attribute.geo(camera.place().toGeoJson()))
                .with("state", Attribute.property(code(status.state())))
                .with("stateSince", Attribute.property(status.since()))
                .with("recorded", Attribute.property(camera.recorded()))
                .with("headingDegrees", camera.headingDegrees().map(Attribute::property));
        return status.reason().isEmpty() ? entity : entity.with("reason", Attribute.property(status.reason()));
    }

    static String code(CameraStatus.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
