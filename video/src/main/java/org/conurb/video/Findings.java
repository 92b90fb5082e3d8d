package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with cameras and recording, as {@code CameraFinding} entities that open and close. There is one for each
 * camera and kind; its history tells when it was open.
 */
final class Findings implements RecordingListener {
    /** Of a camera. */
    static final List<String> CAMERA_KINDS = List.of("not-recording", "black", "frozen", "moved");

    private static final List<String> DISK_KINDS = List.of("disk-full", "retention-at-risk");
    private static final String KIND = "CameraFinding";

    private final Transactions transactions;
    private final Cameras cameras;
    private final Entities entities;
    private final OpenFindings open;
    private final OrganisationId house;
    private @Nullable List<Finding> before;

    /** @param house whose findings those are that concern no camera */
    Findings(Transactions transactions, Cameras cameras, Entities entities, OpenFindings open, OrganisationId house) {
        this.transactions = transactions;
        this.cameras = cameras;
        this.entities = entities;
        this.open = open;
        this.house = house;
    }

    @Override
    public void opened(Finding finding) {
        if (put(finding, Optional.empty())) {
            finding.camera().ifPresent(camera -> open.add(camera, finding));
        }
    }

    @Override
    public void closed(Finding finding, Instant at) {
        put(finding, Optional.of(at));
        finding.camera().ifPresent(camera -> open.remove(camera, finding.kind()));
    }

    /** Read once: what is opened later is known to who opened it. */
    @Override
    public synchronized List<Finding> stillOpen() {
        List<Finding> known = before;
        if (known == null) {
            List<Camera> all = cameras.all();
            known = transactions.asSystem(() -> read(all));
            for (Finding finding : known) {
                finding.camera().ifPresent(camera -> open.add(camera, finding));
            }
            before = known;
        }
        return known;
    }

    private List<Finding> read(List<Camera> all) {
        List<Finding> found = new ArrayList<>();
        DISK_KINDS.forEach(kind -> read(Optional.empty(), kind).ifPresent(found::add));
        for (Camera camera : all) {
            CAMERA_KINDS.forEach(kind -> read(Optional.of(camera.id()), kind).ifPresent(found::add));
        }
        return List.copyOf(found);
    }

    private Optional<Finding> read(Optional<CameraId> camera, String kind) {
        return entities.find(urn(camera, kind))
                .filter(entity -> text(entity, "state").equals("open"))
                .map(entity -> new Finding(
                        camera,
                        kind,
                        Instant.parse(text(entity, "openedAt")),
                        text(entity, "detail"),
                        text(entity, "remedy")));
    }

    private static String text(Entity entity, String name) {
        return entity.attribute(name)
                .map(attribute -> attribute instanceof Attribute.Property property
                        ? property.value().toString()
                        : "")
                .orElse("");
    }

    /** @return false where its camera is not there any more */
    private boolean put(Finding finding, Optional<Instant> closedAt) {
        Optional<Camera> camera = finding.camera().flatMap(id -> transactions.asSystem(() -> cameras.known(id)));
        if (finding.camera().isPresent() && camera.isEmpty()) {
            return false; // it was removed meanwhile
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
        return true;
    }

    static String urn(Finding finding) {
        return urn(finding.camera(), finding.kind());
    }

    static String urn(Optional<CameraId> camera, String kind) {
        String what = kind + " " + camera.map(CameraId::toString).orElse("");
        return Ids.urn(KIND, UUID.nameUUIDFromBytes(what.getBytes(UTF_8)));
    }
}
