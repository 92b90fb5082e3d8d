package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.RecordingRoom.EIGHT;
import static org.conurb.talk.RecordingRoom.ENGINE;
import static org.conurb.talk.RecordingRoom.FIRE;
import static org.conurb.talk.RecordingRoom.GROUP;
import static org.conurb.talk.RecordingRoom.INCIDENT;
import static org.conurb.talk.RecordingRoom.LADDER;
import static org.conurb.talk.RecordingRoom.OTHER;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Ids;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TalkRecorderStoreTest {
    /** 20 ms of CELT silence: an Opus packet that needs no encoder. */
    private static final byte[] QUIET = OpusPacket.silence(960);

    @TempDir
    private Path folder;

    @AutoClose
    private RecordingRoom room;

    @BeforeEach
    void open() {
        room = new RecordingRoom(folder);
    }

    static List<byte[]> quiet(int packets) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            all.add(QUIET);
        }
        return all;
    }

    @Test
    void aTalkIsARowAFileAndAnEntityOfTheIncident() throws IOException {
        Spurt spurt = room.said(ENGINE, GROUP, quiet(100));

        assertThat(spurt.length()).isEqualTo(Duration.ofSeconds(2));
        assertThat(spurt.facts().name()).isEqualTo("Crew of sip:unit-engine-1@alder");
        Spurt.Audio audio = spurt.audio().orElseThrow();
        assertThat(audio.packets()).isEqualTo(100);
        assertThat(audio.lost()).isZero();
        assertThat(audio.at()).contains(EIGHT);
        assertThat(audio.bytes()).isEqualTo(Files.size(room.file(spurt)));
        SpurtReader file = room.read(spurt);
        assertThat(file.sha256()).isEqualTo(audio.sha256());
        assertThat(file.facts().group()).isEqualTo(GROUP);
        assertThat(file.facts().participant()).isEqualTo(ENGINE.mcpttId());
        assertThat(file.facts().site()).isEqualTo("alder");
        assertThat(file.end().orElseThrow().at()).isEqualTo(EIGHT.plusSeconds(2));
        assertThat(folder.relativize(room.file(spurt)).toString())
                .isEqualTo("talk/2026-03-01/08/%s.rtpdump".formatted(spurt.id()));

        Entity entity = room.transactions
                .as(Set.of(FIRE), () -> room.entities.find(Ids.urn("TalkSpurt", spurt.id())))
                .orElseThrow();
        assertThat(entity.attribute("incident")).contains(Attribute.relationship(INCIDENT));
        assertThat(entity.attribute("group")).contains(Attribute.relationship(GROUP));
        assertThat(value(entity, "durationSeconds")).isEqualTo("2.0");
        assertThat(value(entity, "sha256")).isEqualTo(HexFormat.of().formatHex(audio.sha256()));
    }

    private static String value(Entity entity, String name) {
        return entity.attribute(name).orElseThrow() instanceof Attribute.Property property
                ? property.value().toString()
                : "";
    }

    @Test
    void theFileSaysHowItsClocksLieAtLeastEachSecond() throws IOException {
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        room.clock.advance(Duration.ofMillis(300));
        int first = speaker.time;
        speaker.say(quiet(120));
        room.end(talk);

        List<SpurtReader.ClockPoint> clocks = room.read(room.spurt(talk.id())).clocks();

        assertThat(clocks).extracting(SpurtReader.ClockPoint::packet).containsExactly(0, 50, 100);
        assertThat(clocks)
                .extracting(SpurtReader.ClockPoint::rtp)
                .containsExactly(first, first + 48_000, first + 96_000);
        assertThat(clocks)
                .extracting(SpurtReader.ClockPoint::arrival)
                .containsExactly(EIGHT.plusMillis(300), EIGHT.plusMillis(1_300), EIGHT.plusMillis(2_300));
    }

    @Test
    void wallTimeOfAPacketFollowsAStepOfTheSystemsClock() throws IOException {
        Talk talk = room.talk(ENGINE, true);
        SpurtFacts facts = SpurtFacts.of("alder", talk, "E1", 0);
        long[] nanos = {0};
        org.conurb.testkit.TestClock wall = org.conurb.testkit.TestClock.at("2026-03-01T08:00:00Z");
        SpurtWriter writer = SpurtWriter.open(room.folder, facts, wall, () -> nanos[0]);
        byte[] packet = new byte[20];
        for (int i = 0; i < 100; i++) {
            if (i == 50) {
                wall.advance(Duration.ofHours(-1));
            }
            writer.packet(packet, 20, nanos[0]);
            nanos[0] += 20_000_000;
            wall.advance(Duration.ofMillis(20));
        }
        writer.end(wall.instant());

        SpurtReader file = SpurtReader.read(room.folder.file(facts.began(), facts.spurt()));
        assertThat(file.heard(49)).isEqualTo(EIGHT.plusMillis(980));
        assertThat(file.heard(60)).isEqualTo(EIGHT.minus(Duration.ofHours(1)).plusMillis(1_200));
    }

    @Test
    void othersReadTheFileAsRtpdump() throws IOException {
        Spurt spurt = room.said(ENGINE, GROUP, quiet(3));
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(room.file(spurt)));

        byte[] line = new byte[23];
        file.get(line);
        assertThat(new String(line, java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("#!rtpplay1.0 0.0.0.0/0\n");
        assertThat(Instant.ofEpochSecond(file.getInt())).isEqualTo(EIGHT);
        file.position(file.position() + 12);
        List<Integer> rtp = new ArrayList<>();
        List<Integer> rtcp = new ArrayList<>();
        while (file.hasRemaining()) {
            int length = file.getShort();
            int plain = file.getShort();
            int millis = file.getInt();
            ByteBuffer packet = file.slice(file.position(), length - 8);
            assertThat(packet.get(0) & 0xC0).isEqualTo(0x80);
            if (plain > 0) {
                assertThat(plain).isEqualTo(packet.limit());
                rtp.add(millis);
            } else {
                assertThat(packet.get(1) & 0xFF).isEqualTo(204);
                assertThat(4 * (packet.getShort(2) + 1)).isEqualTo(packet.limit());
                rtcp.add((int) packet.get(0) & 0x1F);
            }
            file.position(file.position() + length - 8);
        }
        assertThat(rtp).containsExactly(0, 20, 40);
        assertThat(rtcp).containsExactly(RtpDump.FACTS, RtpDump.CLOCK, RtpDump.END);
    }

    @Test
    void ofAGroupThatIsNotRecordedItIsKeptThatItWasSaid() {
        Talk talk = room.talk(ENGINE, false);
        assertThat(room.recorder.began(talk)).isEmpty();
        room.clock.advance(Duration.ofSeconds(4));
        room.end(talk);

        Spurt spurt = room.spurt(talk.id());
        assertThat(spurt.audio()).isEmpty();
        assertThat(spurt.fault()).isEmpty();
        assertThat(spurt.length()).isEqualTo(Duration.ofSeconds(4));
        assertThat(room.folder.root()).doesNotExist();
    }

    @Test
    void whatTheDiskIsTooSlowForIsCountedAndSaidInTheSpurt() throws IOException {
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        ByteBuffer packet = speaker.packet(new byte[1_000]);
        for (int i = 0; i < 100; i++) {
            speaker.sink.rtp(packet, room.nanos());
        }
        room.recorder.step();
        for (int i = 0; i < 5; i++) {
            speaker.sink.rtp(packet, room.nanos());
        }
        room.end(talk);

        Spurt.Audio audio = room.spurt(talk.id()).audio().orElseThrow();
        assertThat(audio.lost()).isBetween(30, 45);
        assertThat(audio.packets() + audio.lost()).isEqualTo(105);
        assertThat(room.read(room.spurt(talk.id())).lost()).isEqualTo(audio.lost());
        assertThat(room.controller.find(talk.id().toString(), room.dispatcher).lostPackets())
                .isEqualTo(audio.lost());
    }

    @Test
    void moreTalksThanAreRecordedAtOnceAreKeptWithoutVoiceAndSaySo() {
        room.restart(1);
        Talk first = room.talk(ENGINE, true);
        room.begin(first);
        Talk second = room.talk(LADDER, true);
        assertThat(room.recorder.began(second)).isEmpty();
        room.end(second);
        room.end(first);

        assertThat(room.spurt(second.id()).fault()).contains(Spurt.Fault.TOO_MANY);
        assertThat(room.spurt(first.id()).audio()).isPresent();
        assertThat(room.recorder.began(room.talk(LADDER, true))).isPresent();
    }

    @Test
    void whereTheDiskHasNoRoomNothingIsWrittenAndHealthSaysSo() {
        TalkRecordingHealth health = new TalkRecordingHealth(room.recorder, room.book, room.recovery, room.clock);
        room.free = 1_000;
        Spurt spurt = room.said(ENGINE, GROUP, quiet(5));

        assertThat(spurt.fault()).contains(Spurt.Fault.DISK);
        assertThat(health.read().state()).isEqualTo(org.conurb.kernel.Health.State.DEGRADED);

        room.free = Long.MAX_VALUE;
        room.clock.advance(Duration.ofSeconds(6));
        assertThat(room.said(ENGINE, GROUP, quiet(5)).audio()).isPresent();
        assertThat(health.read().state()).isEqualTo(org.conurb.kernel.Health.State.OK);
    }

    @Test
    void aPacketThatComesAfterTheEndIsNotInTheNextTalk() {
        Talk first = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(first);
        speaker.say(quiet(3));
        room.end(first);
        Talk second = room.talk(LADDER, true);
        room.begin(second);
        speaker.say(quiet(50));
        room.end(second);

        assertThat(room.spurt(second.id()).audio().orElseThrow().packets()).isZero();
    }

    @Test
    void theSpurtsOfAGroupsHourAreAChainWhoseHeadGoesToTheAuditLogOnce() {
        Spurt one = room.said(ENGINE, GROUP, quiet(10));
        Talk unheard = room.talk(LADDER, false);
        room.recorder.began(unheard);
        room.clock.advance(Duration.ofSeconds(1));
        room.end(unheard);
        Spurt three = room.said(LADDER, GROUP, quiet(10));
        room.said(ENGINE, OTHER, quiet(10));
        assertThat(room.audit.actions()).doesNotContain("talk.hour.recorded");

        room.clock.set(EIGHT.plus(Duration.ofHours(1)));
        room.book.step();
        room.book.step();

        byte[] link = SpurtChain.start(GROUP, EIGHT);
        for (Spurt spurt : List.of(one, room.spurt(unheard.id()), three)) {
            link = SpurtChain.next(link, spurt);
        }
        List<AuditEntry> entries = room.audit.entries().stream()
                .filter(entry -> entry.action().equals("talk.hour.recorded"))
                .toList();
        assertThat(entries).extracting(AuditEntry::id).containsExactlyInAnyOrder(GROUP, OTHER);
        AuditEntry told = entries.stream()
                .filter(entry -> entry.id().equals(GROUP))
                .findFirst()
                .orElseThrow();
        assertThat(told.facts())
                .containsEntry("chain", HexFormat.of().formatHex(link))
                .containsEntry("spurts", "3")
                .containsEntry("recorded", "2")
                .containsEntry("hour", "2026-03-01T08:00:00Z");
        assertThat(told.owner()).isEqualTo(FIRE);
    }

    @Test
    void anHourIsNotToldWhileATalkThatBeganInItGoesOn() {
        room.said(ENGINE, GROUP, quiet(10));
        room.clock.set(EIGHT.plus(Duration.ofMinutes(59)));
        Talk talk = room.talk(ENGINE, true);
        room.begin(talk);
        room.clock.set(EIGHT.plus(Duration.ofMinutes(61)));
        room.book.step();
        assertThat(room.audit.actions()).doesNotContain("talk.hour.recorded");

        room.end(talk);

        assertThat(room.audit.actions()).containsOnlyOnce("talk.hour.recorded");
    }

    @Test
    void nothingIsAllocatedForAPacket() {
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        ByteBuffer packet = speaker.packet(QUIET);
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        byte[] into = new byte[VoiceRing.LONGEST];
        SpurtSink sink = (SpurtSink) speaker.sink;
        VoiceRing.Taker taker = (bytes, length, arrival) -> {};
        for (int i = 0; i < 20_000; i++) {
            sink.rtp(packet, i);
            sink.ring().take(into, taker);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            sink.rtp(packet, i);
            sink.ring().take(into, taker);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
    }

    @Test
    void theRingPassesEveryPacketBetweenTwoThreadsAsItWas() throws Exception {
        VoiceRing ring = new VoiceRing();
        Thread talker = Thread.ofPlatform().start(() -> {
            ByteBuffer packet = ByteBuffer.allocate(VoiceRing.LONGEST);
            for (int i = 0; i < 200_000; ) {
                int length = 12 + i * 31 % 1_400;
                Arrays.fill(packet.array(), 0, length, (byte) i);
                i += ring.put(packet.clear().limit(length), i) ? 1 : 0;
            }
        });
        int[] next = {0};
        byte[] into = new byte[VoiceRing.LONGEST];
        while (next[0] < 200_000 && (talker.isAlive() || next[0] < 200_000)) {
            ring.take(into, (bytes, length, arrival) -> {
                assertThat(arrival).isEqualTo(next[0]);
                assertThat(length).isEqualTo(12 + next[0] * 31 % 1_400);
                assertThat(bytes[0]).isEqualTo((byte) next[0]);
                assertThat(bytes[length - 1]).isEqualTo((byte) next[0]);
                next[0]++;
            });
        }
        talker.join();
    }

    @Test
    void privateCallsAreKeptAndNotToldToTheCity() {
        Talk talk = room.talk(ENGINE, true);
        Talk between = new Talk(
                talk.id(),
                new GroupFacts(talk.facts().group(), "Two", GroupFacts.Origin.PRIVATE, Optional.empty(), true),
                ENGINE,
                room.clock.instant(),
                Urgency.ROUTINE);
        room.begin(between);
        room.end(between);

        assertThat(room.spurt(between.id()).audio()).isPresent();
        UUID id = between.id();
        assertThat(room.transactions.as(Set.of(FIRE), () -> room.entities.find(Ids.urn("TalkSpurt", id))))
                .isEmpty();
    }
}
