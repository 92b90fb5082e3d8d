package org.conurb.talk;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.media.Fanout;
import org.conurb.media.RtpSink;

/** A site with the SIP door open on loopback, three seats with a phone each, one group. */
final class SipSite implements AutoCloseable {
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final Participant DISPATCH = new Participant("sip:dispatch-1@alder", null, FIRE);
    static final Participant DESK = new Participant("sip:desk-1@alder", null, FIRE);
    static final Participant OTHER = new Participant("sip:desk-2@alder", null, FIRE);
    static final String GROUP = "urn:ngsi-ld:TalkGroup:0197a000-0000-7000-8000-000000000001";
    static final String PASSWORD = "quite-secret-7";

    final ControllingFunction site = new ControllingFunction(
            new Fanout(System::nanoTime),
            new CallLimits(100, 16, 10),
            (one, other) -> true,
            new Ids(Clock.systemUTC(), new Random(1)),
            Clock.systemUTC(),
            System::nanoTime);
    final Map<String, SipCredentials.Login> accounts = new HashMap<>();
    final List<Talk> talks = new CopyOnWriteArrayList<>();
    final VoiceProcess voices;
    final SipDoor door;
    final TestClient dispatcher = new TestClient("d", DISPATCH, 2);

    static final class Known implements Participants {
        @Override
        public Participant of(Caller caller, Optional<String> unit) {
            throw new IllegalStateException("Nobody signs in here");
        }

        @Override
        public Optional<Participant> find(String mcpttId) {
            return List.of(DISPATCH, DESK, OTHER).stream()
                    .filter(each -> each.mcpttId().equals(mcpttId))
                    .findFirst();
        }

        @Override
        public boolean reach(OrganisationId one, OrganisationId other) {
            return true;
        }

        @Override
        public String name(Participant who) {
            return "Seat \"" + who.mcpttId() + "\"";
        }
    }

    SipSite() throws IOException {
        this(Optional.empty(), Clock.systemUTC());
    }

    SipSite(Optional<SSLContext> tls, Clock clock) throws IOException {
        account("1001", DESK);
        account("0001", DESK); // a phone that knows MD5 only
        account("1002", OTHER);
        account("1003", DISPATCH);
        InetAddress local = InetAddress.getLoopbackAddress();
        voices = new VoiceProcess(voicesCommand());
        Random random = new Random();
        door = new SipDoor(
                new SipDoor.Place(local, 0, 0, tls, Optional.empty(), "alder", Duration.ofMillis(200)),
                site,
                new Known(),
                username -> Optional.ofNullable(accounts.get(username)),
                new SipMedia(local, 0, 0, voices, random),
                clock,
                random);
        site.onTalk(new TalkListener() {
            @Override
            public Optional<RtpSink> began(Talk talk) {
                talks.add(talk);
                return Optional.empty();
            }

            @Override
            public void ended(Talk talk, Instant at) {}
        });
        site.start();
        site.connect(dispatcher).join();
        open(CallKind.PRE_ARRANGED);
        site.affiliate(DISPATCH, GROUP).join();
        door.start();
    }

    /** As the server starts it; where the module is not built, none. */
    static List<String> voicesCommand() {
        Path target = Path.of("..", "voices", "target").toAbsolutePath().normalize();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                target.resolve("classes") + java.io.File.pathSeparator + target.resolve("lib") + "/*",
                "org.conurb.voices.Voices");
    }

    static boolean hasVoices() {
        return java.nio.file.Files.exists(Path.of("..", "voices", "target", "lib"));
    }

    void open(CallKind kind) {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        members.put(DISPATCH, Membership.dispatching(200));
        members.put(DESK, Membership.talking(100));
        members.put(OTHER, Membership.talking(100));
        TalkGroup group = new TalkGroup(GROUP, kind, FIRE, FloorPolicy.standard(), 100, members);
        site.open(new GroupFacts(group, "Fire Ops 1", GroupFacts.Origin.STANDING, Optional.empty(), true));
    }

    void account(String username, Participant who) {
        SipAccount account =
                new SipAccount(UUID.randomUUID(), FIRE, who.mcpttId(), "desk phone", username, Instant.EPOCH);
        accounts.put(username, new SipCredentials.Login(account, PASSWORD));
    }

    TestPhone phone(String username) throws IOException {
        return new TestPhone(door.port(), username, PASSWORD);
    }

    /** Who talks in the group, once that is so. */
    boolean talks(Participant who) {
        return eventually(() -> site.state(GROUP).talkers().equals(List.of(who)));
    }

    boolean isQuiet() {
        return eventually(() -> site.state(GROUP).talkers().isEmpty());
    }

    static boolean eventually(BooleanSupplier condition) {
        long until = System.nanoTime() + 5_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        return true;
    }

    @Override
    public void close() {
        door.close();
        site.close();
    }
}
