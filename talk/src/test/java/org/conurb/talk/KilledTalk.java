package org.conurb.talk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;

/** A talk that is being written by a process of its own, to be killed. Argument: folder. */
final class KilledTalk {
    private KilledTalk() {}

    static ProcessBuilder process(Path folder) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledTalk.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** Six seconds of voice, synced each three. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
        Talk talk = new Talk(
                TestIds.seeded(clock).next(),
                RecordingRoom.group(RecordingRoom.GROUP, Optional.empty(), true),
                RecordingRoom.ENGINE,
                clock.instant(),
                Urgency.ROUTINE);
        SpurtFacts facts = SpurtFacts.of("alder", talk, "E1", 0);
        long[] nanos = {0};
        SpurtWriter writer = SpurtWriter.open(new TalkFolder(Path.of(arguments[0])), facts, clock, () -> nanos[0]);
        byte[] packet = new byte[15];
        packet[0] = (byte) 0x80;
        for (int i = 0; i < 300; i++) {
            writer.packet(packet, packet.length, nanos[0]);
            nanos[0] += 20_000_000;
            clock.advance(Duration.ofMillis(20));
            if (i % 150 == 149 && i < 299) {
                writer.sync();
            }
        }
        System.out.println(talk.id());
        System.out.println(300);
        Thread.currentThread().join();
    }
}
