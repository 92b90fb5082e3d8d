package org.conurb.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.hub.Entities;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.media.RtpSink;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;
import org.springframework.util.unit.DataSize;

/** The recorder on a real folder and a real database, without threads: whoever talks moves the clock. */
final class RecordingRoom implements AutoCloseable {
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final OrganisationId POLICE = new OrganisationId("police");
    static final Instant EIGHT = Instant.parse("2026-03-01T08:00:00Z");
    static final String GROUP = "urn:ngsi-ld:TalkGroup:0199a2b4-0000-7000-8000-00000000000a";
    static final String OTHER = "urn:ngsi-ld:TalkGroup:0199a2b4-0000-7000-8000-00000000000b";
    static final String INCIDENT = "urn:ngsi-ld:Incident:0199a2b4-0000-7000-8000-000000000001";
    static final Participant ENGINE = new Participant("sip:unit-engine-1@alder", "sip:e1@fire.alder", FIRE);
    static final Participant LADDER = new Participant("sip:unit-ladder-2@alder", "sip:l2@fire.alder", FIRE);

    final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    final FakeAudit audit = new FakeAudit();
    final FakeAccess access = FakeAccess.to("fire");
    final Transactions transactions;
    final Ids ids = TestIds.seeded(clock);
    final TalkFolder folder;
    final SpurtStore store;
    final SpurtHours hours;
    final Spurts spurts;
    final SpurtController controller;
    final Entities entities;
    final Caller dispatcher = new Caller(
            "person:fire-dispatcher",
            "Dispatcher",
            FIRE,
            Optional.empty(),
            Set.of(Role.DISPATCHER),
            Optional.empty(),
            Optional.empty());
    SpurtBook book;
    TalkRecorder recorder;
    SpurtRecovery recovery;
    long free = Long.MAX_VALUE;

    RecordingRoom(Path root) {
        this(root, TestStore.with("hub", "talk"));
    }

    RecordingRoom(Path root, Transactions transactions) {
        this.transactions = transactions;
        folder = new TalkFolder(root.resolve("talk"));
        store = new SpurtStore(transactions.jdbc());
        hours = new SpurtHours(transactions.jdbc());
        entities = new Entities(transactions, clock);
        spurts = new Spurts(transactions, folder, access, audit);
        controller = new SpurtController(spurts, access, transactions);
        restart(512);
    }

    /** As after a start of the program: nothing is known but what is written. */
    void restart(int talks) {
        recovery = new SpurtRecovery(folder, transactions, spurt -> book.seal(spurt), audit, id -> recorder.writes(id));
        recovery.snapshot(clock.instant());
        book = new SpurtBook(transactions, entities, audit, clock, recovery);
        recorder = new TalkRecorder(
                "alder",
                who -> "Crew of " + who.mcpttId(),
                folder,
                new TalkRecordingSettings(folder.root(), Duration.ofSeconds(3), talks, DataSize.ofMegabytes(1)),
                () -> free,
                book,
                clock,
                this::nanos);
    }

    /** As after a kill: what was not on its way to the disk is gone. */
    void restart() {
        restart(512);
    }

    long nanos() {
        return Duration.between(EIGHT, clock.instant()).toNanos() + 1_000_000_000L;
    }

    static GroupFacts group(String id, Optional<String> incident, boolean recorded) {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        members.put(ENGINE, Membership.talking(10));
        members.put(LADDER, Membership.talking(10));
        return new GroupFacts(
                new TalkGroup(id, CallKind.CHAT, FIRE, FloorPolicy.standard(), 100, members),
                "Joint",
                incident.isPresent() ? GroupFacts.Origin.INCIDENT : GroupFacts.Origin.STANDING,
                incident,
                recorded);
    }

    Talk talk(Participant who, boolean recorded) {
        return talk(who, GROUP, recorded);
    }

    Talk talk(Participant who, String group, boolean recorded) {
        return new Talk(
                ids.next(), group(group, Optional.of(INCIDENT), recorded), who, clock.instant(), Urgency.ROUTINE);
    }

    /** One who talks: RTP packets of 20 ms in the order and with the gaps that a test wants. */
    final class Speaker {
        final RtpSink sink;
        int ssrc = 0x1234;
        int sequence = 65_530; // wraps soon
        int time = -4_000; // so does this
        int type = 111;
        int level = -1;

        Speaker(RtpSink sink) {
            this.sink = sink;
        }

        void say(List<byte[]> packets) {
            packets.forEach(this::say);
        }

        void say(byte[] opus) {
            sink.rtp(packet(opus), nanos());
            pass(1);
            recorder.step();
        }

        /** Time passes in which nothing is heard: {@code packets} of 20 ms. */
        void pass(int packets) {
            sequence += packets;
            time += 960 * packets;
            clock.advance(Duration.ofMillis(20L * packets));
        }

        ByteBuffer packet(byte[] payload) {
            ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
            packet.put((byte) (level < 0 ? 0x80 : 0x90)).put((byte) type);
            packet.putShort((short) sequence).putInt(time).putInt(ssrc);
            if (level >= 0) {
                packet.putShort((short) 0xBEDE).putShort((short) 1);
                packet.put((byte) 0x10).put((byte) (0x80 | level)).putShort((short) 0);
            }
            return packet.put(payload).flip();
        }
    }

    Speaker begin(Talk talk) {
        return new Speaker(recorder.began(talk).orElseThrow());
    }

    void end(Talk talk) {
        recorder.ended(talk, clock.instant());
        recorder.step();
        book.step();
    }

    /** A whole talk. */
    Spurt said(Participant who, String group, List<byte[]> packets) {
        Talk talk = talk(who, group, true);
        Speaker speaker = begin(talk);
        speaker.say(packets);
        end(talk);
        return spurt(talk.id());
    }

    Spurt spurt(UUID id) {
        return transactions.asSystem(() -> store.find(id)).orElseThrow();
    }

    Path file(Spurt spurt) {
        return folder.file(spurt.facts().began(), spurt.id());
    }

    SpurtReader read(Spurt spurt) throws IOException {
        return SpurtReader.of(ByteBuffer.wrap(Files.readAllBytes(file(spurt))));
    }

    byte[] ogg(UUID id) throws IOException {
        org.springframework.mock.web.MockHttpServletResponse response =
                new org.springframework.mock.web.MockHttpServletResponse();
        controller.audio(id.toString(), null, null, dispatcher, response);
        return response.getContentAsByteArray();
    }

    @Override
    public void close() {
        TestStore.giveBack(transactions);
    }
}
