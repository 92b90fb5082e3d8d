package org.conurb.hub;

import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Entities as GeoJSON that GIS programs turn into a table: values without more, and the times at which they came and changed. */
final class OgcFeatures {
    /** Without the geoproperty that becomes the geometry. */
    static final Representation FORM = new Representation(
            LdContext.CORE,
            Representation.Format.SIMPLIFIED,
            new Projection(
                    Projection.Members.NONE,
                    false,
                    new Projection.Members(Map.of(OgcQuery.GEOMETRY, Projection.Members.NONE))),
            Set.of(),
            LanguageFilter.NONE,
            true,
            Join.NONE);

    private OgcFeatures() {}

    static ObjectNode collection(Found.Page page) {
        ArrayNode features = Json.mapper().createArrayNode();
        page.entities().forEach(found -> features.add(feature(found)));
        return GeoJson.collection(features).put("numberReturned", features.size());
    }

    static ObjectNode feature(Found found) {
        ObjectNode written = new EntityWriter(FORM, Map.of()).entity(found, FORM.projection());
        return GeoJson.feature(written, found.document(), OgcQuery.GEOMETRY);
    }
}
