package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entities;
import org.conurb.hub.Entity;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * What is wrong with cameras and recording, as {@code CameraFinding} entities that open and close. There is one for each
 * camera and kind; its history tells when it was open.
 */
final class Findings implements RecordingListener {
    private static final String KIND = "CameraFinding";

    private final Transactions transactions;
    private final Cameras cameras;
    private final Entities entities;
    private final OrganisationId house;

    /** @param house whose findings those are that concern no camera */
    Findings(Transactions transactions, Cameras cameras, Entities entities, OrganisationId house) {
        this.transactions = transactions;
        this.cameras = cameras;
        this.entities = entities;
        this.house = house;
    }

    @Override
    public void opened(Finding finding) {
        put(finding, Optional.empty());
    }

    @Override
    public void closed(Finding finding, Instant at) {
        put(finding, Optional.of(at));
    }

    private void put(Finding finding, Optional<Instant> closedAt) {
        Optional<Camera> camera = finding.camera().flatMap(id -> transactions.asSystem(() -> cameras.known(id)));
        if (finding.camera().isPresent() && camera.isEmpty()) {
            return; // it was removed meanwhile
        }
        OrganisationId owner = camera.map(Camera::organisation).orElse(house);
        Entity entity = Entity.of(urn(finding), KIND, owner)
                .with("kind", Attribute.property(finding.kind()))
                .with("state", Attribute.property(closedAt.isPresent() ? "closed" : "open"))
                .with("openedAt", Attribute.property(finding.since()))
                .with("closedAt", closedAt.map(Attribute::property))
                .with("detail", Attribute.property(finding.detail()))
                .with("remedy", Attribute.property(finding.remedy()))
                .with("camera", camera.map(found -> Attribute.relationship(found.urn())));
        transactions.doAs(Set.of(owner), () -> entities.put(Caller.system("video", owner), entity));
    }

    static String urn(Finding finding) {
        String what =
                finding.kind() + " " + finding.camera().map(CameraId::toString).orElse("");
        return Ids.urn(KIND, UUID.nameUUIDFromBytes(what.getBytes(UTF_8)));
    }
}
