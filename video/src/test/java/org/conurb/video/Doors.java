package org.conurb.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.conurb.audit.EvidenceExports;
import org.conurb.audit.EvidenceRoom;
import org.conurb.hub.Entities;
import org.conurb.identity.SealingKey;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.City.Text;
import org.conurb.kernel.HashChain;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.media.TrackFormat;
import org.conurb.outbound.OutboundPolicy;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestSiteKey;
import org.conurb.testkit.TestStore;
import org.springframework.util.unit.DataSize;

/** The doors of this room on a real database and a real folder, with streams that are only remembered. */
final class Doors implements AutoCloseable {
    static final OrganisationId POLICE = new OrganisationId("police");
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final Map<String, Object> SQUARE = Map.of("type", "Point", "coordinates", List.of(7.4246, 43.7311));
    static final Instant EIGHT = Instant.parse("2026-03-01T08:00:00Z");

    final TestClock clock = TestClock.at("2026-03-01T08:30:00Z");
    final FakeAccess access = FakeAccess.to("police", "fire");
    final FakeAudit audit = new FakeAudit();
    final Transactions transactions = TestStore.with("hub", "video");
    final Ids ids = TestIds.seeded(clock);
    final Lines lines = new Lines();
    final City city = city();
    final Entities entities = new Entities(transactions, clock);
    final CameraSecrets secrets = new CameraSecrets(new SealingKey(new byte[32], new Random(4)));
    final CameraNetworks networks = new CameraNetworks(city, OutboundPolicy.parse(List.of("127.0.0.1:8554")));
    final OpenFindings open = new OpenFindings();
    final Cameras cameras =
            new Cameras(transactions, secrets, networks, lines, open, entities, access, audit, city, ids, clock);
    final CameraController controller = new CameraController(cameras, new CameraImport(cameras), access, transactions);
    final Views views = new Views(access, audit, transactions, clock);
    final Recordings recordings;
    final PlayController play;
    final EvidenceExports exports;
    final ExportController exportController;
    final Holds holds;
    final HoldController holdController;
    final TestSiteKey key = new TestSiteKey();
    final Path folder;
    final Caller administrator = caller(POLICE, Role.ADMINISTRATOR);
    final Caller dispatcher = caller(POLICE, Role.DISPATCHER);

    Doors(Path folder) {
        this.folder = folder;
        recordings = new Recordings(folder, transactions, ids, clock);
        play = new PlayController(
                cameras,
                recordings,
                new LivePlaylists(recordings, clock),
                views,
                access,
                transactions,
                city.timeZone());
        exports = new EvidenceExports(
                transactions,
                new CameraEvidence(cameras, recordings, views, access),
                new EvidenceRoom.Seal(key, city.id()),
                new ExportSettings(folder.resolve("exports"), Duration.ofDays(7), DataSize.ofMegabytes(10)).evidence(),
                access,
                audit,
                ids,
                clock);
        exportController = new ExportController(exports, views, access, transactions);
        holds = new Holds(transactions, cameras, access, audit, ids, clock);
        holdController = new HoldController(holds, access, transactions);
    }

    /** Remembers what is wanted; every camera is in the state that the test says. */
    static final class Lines implements CameraLines {
        final Map<CameraId, CameraSource> wanted = new HashMap<>();
        CameraStatus.State state = CameraStatus.State.RECORDING;
        final Map<LiveStream.Kind, LiveStream> live = new EnumMap<>(LiveStream.Kind.class);
        /** A sub stream comes only after it was asked for so often. */
        int subAfter;

        @Override
        public void want(CameraSource source) {
            wanted.put(source.id(), source);
        }

        @Override
        public void unwant(CameraId camera) {
            wanted.remove(camera);
        }

        @Override
        public Optional<LiveStream> live(CameraId camera, LiveStream.Kind kind) {
            return kind == LiveStream.Kind.SUB && subAfter-- > 0
                    ? Optional.empty()
                    : Optional.ofNullable(live.get(kind));
        }

        @Override
        public Published publish(CameraId camera, List<TrackFormat> formats, Runnable over) {
            throw new IllegalArgumentException("not here");
        }

        @Override
        public CameraStatus status(CameraId camera) {
            return new CameraStatus(
                    state,
                    state == CameraStatus.State.RECORDING ? "" : "No packets for 5 s.",
                    EIGHT,
                    Optional.of(EIGHT),
                    1_500_000,
                    Optional.of(Duration.ofMillis(40)),
                    0);
        }
    }

    static Caller caller(OrganisationId organisation, Role role) {
        return new Caller(
                "person:" + organisation + "-" + role.code(),
                role.code() + " of " + organisation,
                organisation,
                Optional.empty(),
                Set.of(role),
                Optional.empty(),
                Optional.empty());
    }

    Change change(Caller caller) {
        return new Change(transactions, caller, access.owners(caller), Optional.empty(), new byte[0]);
    }

    <T> T in(Supplier<T> work) {
        return transactions.as(Set.of(POLICE, FIRE), work);
    }

    static NewCamera wanted(String name, String source) {
        return new NewCamera(null, name, source, null, null, null, null, SQUARE, null, null, null, 90.0, null);
    }

    /** As after a start: knows only what is written. */
    Findings findings() {
        return new Findings(transactions, cameras, entities, open, POLICE);
    }

    HealthController health() {
        return new HealthController(
                cameras, lines, open, new Uptime(transactions, recordings, city, clock), access, transactions);
    }

    static NewCamera patch(String name, String source, String password) {
        return new NewCamera(
                null,
                name,
                source,
                null,
                password == null ? null : "admin",
                password,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    Camera camera(String name) {
        NewCamera wanted = wanted(name, "rtsp://admin:geheim@10.20.1.7/stream1");
        CameraAddress address = cameras.checked(wanted).orElseThrow();
        return in(() -> cameras.add(administrator, wanted, address));
    }

    Camera cameraWithSub(String name) {
        NewCamera wanted = new NewCamera(
                null,
                name,
                "rtsp://10.20.1.8/1",
                "rtsp://10.20.1.8/2",
                null,
                null,
                null,
                SQUARE,
                null,
                null,
                null,
                null,
                null);
        CameraAddress address = cameras.checked(wanted).orElseThrow();
        return in(() -> cameras.add(administrator, wanted, address));
    }

    /** A file as the recorder leaves it: an init segment, then fragments of 2 s with their index and hashes. */
    void record(Camera camera, Instant begins, int fragments) throws IOException {
        record(camera, begins, fragments, new byte[] {1, 2, 3, 4});
    }

    void record(Camera camera, Instant begins, int fragments, byte[] init) throws IOException {
        CameraFolder place = CameraFolder.of(folder, camera.organisation(), camera.id());
        Instant hour = CameraFolder.hourOf(begins.toEpochMilli() * 90);
        Path path = place.hour(hour);
        Files.createDirectories(path);
        Random random = new Random(begins.toEpochMilli());
        java.io.ByteArrayOutputStream file = new java.io.ByteArrayOutputStream();
        file.writeBytes(init);
        try (HourIndex index = HourIndex.open(path, hour)) {
            for (int i = 0; i < fragments; i++) {
                byte[] fragment = new byte[100 + i];
                random.nextBytes(fragment);
                long start = (begins.toEpochMilli() + i * 2000L) * 90;
                index.add(
                        new IndexRecord(
                                start,
                                180_000,
                                IndexRecord.KEY,
                                (int) (begins.toEpochMilli() - hour.toEpochMilli()),
                                file.size(),
                                fragment.length,
                                init.length),
                        HashChain.sha256().digest(fragment));
                file.writeBytes(fragment);
            }
        }
        Files.write(path.resolve(begins.toEpochMilli() + ".mp4"), file.toByteArray());
    }

    void gap(Camera camera, Instant from, Instant to, GapReason reason) throws IOException {
        CameraFolder place = CameraFolder.of(folder, camera.organisation(), camera.id());
        Instant hour = CameraFolder.hourOf(from.toEpochMilli() * 90);
        try (HourIndex index = HourIndex.open(place.hour(hour), hour)) {
            index.add(
                    IndexRecord.gap(from.toEpochMilli() * 90, to.toEpochMilli() * 90, reason),
                    new byte[HashChain.LENGTH]);
        }
    }

    static UUID grant() {
        return new UUID(0, 1);
    }

    private static City city() {
        return new City(
                "test",
                "Test",
                ZoneId.of("Europe/Paris"),
                List.of(Locale.ENGLISH),
                List.of(
                        new City.Organisation(POLICE, Text.of("en", "Police"), "police"),
                        new City.Organisation(FIRE, Text.of("en", "Fire"), "fire")),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(new City.District(
                        "old-town",
                        Text.of("en", "Old town"),
                        Map.of(
                                "type",
                                "Polygon",
                                "coordinates",
                                List.of(List.of(
                                        List.of(7.42, 43.73),
                                        List.of(7.43, 43.73),
                                        List.of(7.43, 43.74),
                                        List.of(7.42, 43.74),
                                        List.of(7.42, 43.73)))))),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(new City.CameraNetwork("streets", "10.20.0.0/16")),
                List.of(),
                List.of(),
                Optional.empty());
    }

    @Override
    public void close() {
        TestStore.giveBack(transactions);
    }
}
