package org.conurb.video;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Cameras: registered, changed, removed. Each change writes row, entity and audit entry in the caller's transaction, and
 * tells the streams once it has committed. Hosts are resolved by {@link #checked} before a transaction, never in one.
 */
final class Cameras {
    private static final int LONGEST_NAME = 200;

    private final Transactions transactions;
    private final CameraStore store;
    private final CameraNetworks networks;
    private final CameraLines lines;
    private final OpenFindings findings;
    private final Entities entities;
    private final Access access;
    private final Audit audit;
    private final City city;
    private final Ids ids;
    private final Clock clock;

    Cameras(
            Transactions transactions,
            CameraSecrets secrets,
            CameraNetworks networks,
            CameraLines lines,
            OpenFindings findings,
            Entities entities,
            Access access,
            Audit audit,
            City city,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = new CameraStore(transactions.jdbc(), secrets);
        this.networks = networks;
        this.lines = lines;
        this.findings = findings;
        this.entities = entities;
        this.access = access;
        this.audit = audit;
        this.city = city;
        this.ids = ids;
        this.clock = clock;
    }

    /** Tells the streams all cameras there are; at start. */
    int start() {
        List<Camera> all = transactions.asSystem(store::all);
        all.forEach(camera -> lines.want(camera.source()));
        return all.size();
    }

    /** Every camera of the site, in a transaction of its own. */
    List<Camera> all() {
        return transactions.asSystem(store::all);
    }

    /** As it is now, its row held; for parts of the program. */
    Optional<Camera> held(CameraId id) {
        return store.hold(id);
    }

    /** For parts of the program, as the system. */
    Optional<Camera> known(CameraId id) {
        return store.find(id);
    }

    /** All of these owners. */
    List<Camera> of(Set<OrganisationId> owners) {
        return owners.isEmpty() ? List.of() : store.list(owners, "", "", Integer.MAX_VALUE);
    }

    /**
     * The address as sent, after a look whether it may be called. May wait for names to be resolved.
     *
     * @return empty where none was sent
     */
    Optional<CameraAddress> checked(NewCamera wanted) {
        if (wanted.source() == null) {
            return Optional.empty();
        }
        CameraAddress address = CameraAddress.parse(wanted.source(), wanted.sub(), wanted.login())
                .certified(wanted.certificate());
        reach(address);
        return Optional.of(address);
    }

    /** Refuses an address outside the camera networks; may wait for names to be resolved. */
    void reach(CameraAddress address) {
        networks.demand(address);
    }

    Camera add(Caller caller, NewCamera wanted, CameraAddress address) {
        OrganisationId owner =
                wanted.organisation() == null ? caller.organisation() : organisation(wanted.organisation());
        access.demand(caller, Action.CREATE, Camera.KIND, owner, "new");
        Camera camera = new Camera(
                new CameraId(wanted.id() == null ? ids.next() : chosenId(wanted.id())),
                owner,
                name(wanted.name()),
                address,
                transport(wanted.transport()),
                wanted.record() == null || wanted.record(),
                Epsg4326Point.fromGeoJson(wanted.place() == null ? Map.of() : wanted.place()),
                Optional.ofNullable(heading(wanted.heading())),
                Keeping.of(wanted.keep()),
                1);
        if (!store.insert(camera, clock.instant())) {
            throw taken(camera);
        }
        entities.add(caller, CameraEntities.of(camera, connecting(camera)));
        record(caller, "camera.added", camera);
        transactions.afterCommit(() -> lines.want(camera.source()));
        return camera;
    }

    /** @param address as {@link #checked} gave it */
    Camera change(Caller caller, CameraId id, NewCamera patch, Optional<CameraAddress> address) {
        Camera before = hold(caller, Action.CHANGE, id);
        if (patch.organisation() != null
                && !patch.organisation().equals(before.organisation().value())) {
            throw new BadRequest(
                    "camera-organisation",
                    "A camera stays with its organisation.",
                    "Remove it and add it for the other one: its recordings stay where they are.");
        }
        Camera after = new Camera(
                id,
                before.organisation(),
                patch.name() == null ? before.name() : name(patch.name()),
                address(before.address(), patch, address),
                patch.transport() == null ? before.transport() : transport(patch.transport()),
                patch.record() == null ? before.recorded() : patch.record(),
                patch.place() == null ? before.place() : Epsg4326Point.fromGeoJson(patch.place()),
                patch.heading() == null ? before.headingDegrees() : Optional.ofNullable(heading(patch.heading())),
                patch.keep() == null ? before.keeping() : Keeping.of(patch.keep()),
                before.version() + 1);
        if (!store.nameFree(after)) {
            throw taken(after);
        }
        store.update(after);
        entities.put(caller, CameraEntities.of(after, lines.status(id)));
        record(caller, "camera.changed", after);
        transactions.afterCommit(() -> lines.want(after.source()));
        return after;
    }

    /** What was recorded stays until its time is over. */
    void remove(Caller caller, CameraId id) {
        Camera camera = hold(caller, Action.DELETE, id);
        store.delete(id);
        entities.delete(caller, camera.urn());
        Findings.CAMERA_KINDS.forEach(kind -> entities.delete(caller, Findings.urn(Optional.of(id), kind)));
        record(caller, "camera.removed", camera);
        transactions.afterCommit(() -> {
            lines.unwant(id);
            findings.remove(id);
        });
    }

    /** @throws NotFound where there is none that the caller may read */
    Camera find(Caller caller, CameraId id) {
        Camera camera = store.find(id).orElseThrow(() -> new NotFound("camera", id.urn()));
        access.demand(caller, Action.READ, Camera.KIND, camera.organisation(), camera.urn());
        return camera;
    }

    List<Camera> list(Caller caller, String afterOrganisation, String afterName, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, Camera.KIND);
        return owners.isEmpty() ? List.of() : store.list(owners, afterOrganisation, afterName, limit);
    }

    CameraView view(Caller caller, Camera camera) {
        return CameraView.of(
                camera,
                lines.status(camera.id()),
                findings.of(camera.id()),
                access.decide(caller, Action.CHANGE, Camera.KIND, camera.organisation()));
    }

    private Camera hold(Caller caller, Action action, CameraId id) {
        Camera camera = store.hold(id).orElseThrow(() -> new NotFound("camera", id.urn()));
        access.demand(caller, action, Camera.KIND, camera.organisation(), camera.urn());
        return camera;
    }

    /** What is shown of an address may come back as it is. */
    private static CameraAddress address(CameraAddress before, NewCamera patch, Optional<CameraAddress> sent) {
        if (patch.source() == null && patch.sub() != null) {
            throw new BadRequest(
                    "camera-sub", "A sub stream comes with its main one.", "Send source and sub together.");
        }
        boolean asBefore = patch.source() == null
                || (patch.source().equals(before.shownMain())
                        && Optional.ofNullable(patch.sub()).equals(before.shownSub()));
        CameraAddress address = asBefore
                ? patch.login().map(before::with).orElse(before)
                : sent.orElseThrow().knownFrom(before);
        return address.certified(patch.certificate());
    }

    private void record(Caller caller, String action, Camera camera) {
        audit.record(AuditEntry.of(caller, action, Camera.KIND, camera.urn(), camera.organisation())
                .with(Map.of(
                        "name", camera.name(),
                        "source", camera.address().shownMain(),
                        "certificate",
                                camera.address()
                                        .certificate()
                                        .map(CertificatePin::hex)
                                        .orElse("any trusted"),
                        "recorded", String.valueOf(camera.recorded()))));
    }

    private CameraStatus connecting(Camera camera) {
        return new CameraStatus(
                CameraStatus.State.CONNECTING, "", clock.instant(), Optional.empty(), 0, Optional.empty(), 0);
    }

    private OrganisationId organisation(String code) {
        OrganisationId id = new OrganisationId(code);
        if (city.organisation(id).isEmpty()) {
            throw new BadRequest(
                    "camera-organisation",
                    "This city has no organisation %s.".formatted(id),
                    "Use one that GET /api/city lists.");
        }
        return id;
    }

    private static String name(@Nullable String name) {
        if (name == null
                || name.isBlank()
                || name.length() > LONGEST_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequest(
                    "camera-name",
                    "A camera has a name of 1 to %d printable characters.".formatted(LONGEST_NAME),
                    "Name it as people find it: Market square, north corner.");
        }
        return name.strip();
    }

    private static CameraSource.Transport transport(@Nullable String code) {
        for (CameraSource.Transport transport : CameraSource.Transport.values()) {
            if (code == null || transport.name().toLowerCase(Locale.ROOT).equals(code)) {
                return transport;
            }
        }
        throw new BadRequest("camera-transport", "There is no such transport.", "Use auto, tcp or udp.");
    }

    private static @Nullable Double heading(@Nullable Double degrees) {
        if (degrees != null && !(degrees >= 0 && degrees <= 360)) {
            throw new BadRequest("camera-heading", "A heading is 0 to 360 degrees.", "Clockwise from north.");
        }
        return degrees;
    }

    private static java.util.UUID chosenId(String id) {
        return Ids.parse(Camera.KIND, id)
                .orElseThrow(() -> new BadRequest(
                        "camera-id", "The id is not that of a camera.", "Send a UUID, or urn:ngsi-ld:Camera:<UUID>."));
    }

    private static Conflict taken(Camera camera) {
        return new Conflict(
                "camera-exists",
                "%s has a camera %s already, or its id is taken.".formatted(camera.organisation(), camera.name()),
                "Choose another name, or change the one there is.");
    }
}
