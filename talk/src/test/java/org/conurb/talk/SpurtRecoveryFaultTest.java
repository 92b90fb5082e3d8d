package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.RecordingRoom.EIGHT;
import static org.conurb.talk.RecordingRoom.ENGINE;
import static org.conurb.talk.RecordingRoom.GROUP;
import static org.conurb.talk.TalkRecorderStoreTest.quiet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.conurb.kernel.AuditEntry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash, a torn file or a lost disk leaves, and what the next start makes of it. */
class SpurtRecoveryFaultTest {
    @TempDir
    private Path folder;

    @AutoClose
    private RecordingRoom room;

    @BeforeEach
    void open() {
        room = new RecordingRoom(folder);
    }

    private Spurt recovered(UUID id) {
        room.restart();
        room.recovery.run();
        return room.spurt(id);
    }

    @Test
    void aTalkThatWasUnderWayWhenTheProgramDiedIsEndedWithWhatWasOnDisk() throws IOException {
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.say(quiet(300));
        room.book.step();
        assertThat(room.spurt(talk.id()).ended()).isEmpty();

        Spurt spurt = recovered(talk.id());

        assertThat(spurt.fault()).contains(Spurt.Fault.CUT);
        assertThat(spurt.ended().orElseThrow()).isBetween(EIGHT.plusSeconds(3), EIGHT.plusSeconds(6));
        assertThat(spurt.audio().orElseThrow().packets()).isBetween(150, 300);
        assertThat(room.read(spurt).sha256())
                .isEqualTo(spurt.audio().orElseThrow().sha256());
        assertThat(room.read(spurt).end()).isPresent();
        assertThat(Clips.packets(room.ogg(talk.id()))).hasSizeGreaterThan(150);
    }

    @Test
    void aTornTailIsCutAtTheLastWholeRecord() throws IOException {
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.say(quiet(200));
        Path file = room.folder.file(EIGHT, talk.id());
        int whole = SpurtReader.read(file).packets();
        Files.write(file, new byte[] {0, 120, 0, 112, 0, 0, 1}, StandardOpenOption.APPEND);

        Spurt spurt = recovered(talk.id());

        assertThat(spurt.audio().orElseThrow().packets()).isEqualTo(whole);
        assertThat(room.read(spurt).wholeBytes()).isEqualTo((int) Files.size(file));
    }

    @Test
    void aFileThatNoRowTellsIsAdoptedByWhatStandsInIt() throws IOException {
        Spurt before = room.said(ENGINE, GROUP, quiet(40));
        room.transactions.doAsSystem(() -> {
            room.transactions.jdbc().sql("delete from talk.spurt").update();
            room.transactions.jdbc().sql("delete from talk.spurt_hour").update();
        });

        Spurt spurt = recovered(before.id());

        assertThat(spurt.audio().orElseThrow().sha256())
                .isEqualTo(before.audio().orElseThrow().sha256());
        assertThat(spurt.length()).isEqualTo(before.length());
        assertThat(spurt.facts()).isEqualTo(before.facts());
        assertThat(spurt.fault()).isEmpty();
    }

    @Test
    void aRowWhoseFileIsGoneIsNamedAndDoesNotCountAsRecorded() throws IOException {
        Spurt spurt = room.said(ENGINE, GROUP, quiet(40));
        Spurt other = room.said(ENGINE, GROUP, quiet(40));
        Files.delete(room.file(spurt));

        Spurt after = recovered(spurt.id());

        assertThat(after.fault()).contains(Spurt.Fault.MISSING);
        assertThat(after.isHeard()).isFalse();
        assertThat(room.spurt(other.id()).isHeard()).isTrue();
        AuditEntry entry = room.audit.entries().stream()
                .filter(told -> told.action().equals("talk.audio.missing"))
                .findFirst()
                .orElseThrow();
        assertThat(entry.facts())
                .containsEntry("count", "1")
                .containsEntry("spurts", spurt.id().toString());
        room.restart();
        room.recovery.run();
        assertThat(room.audit.actions()).containsOnlyOnce("talk.audio.missing");
    }

    @Test
    void anUnheardTalkThatNothingEndedIsEnded() {
        Talk talk = room.talk(ENGINE, false);
        room.recorder.began(talk);
        room.book.step();

        Spurt spurt = recovered(talk.id());

        assertThat(spurt.ended()).isPresent();
        assertThat(spurt.fault()).contains(Spurt.Fault.CUT);
    }

    @Test
    void aFileThatIsNoTalkIsNamedAndLeft() throws IOException {
        Path strange = room.folder.file(EIGHT, UUID.randomUUID());
        Files.createDirectories(strange.getParent());
        Files.writeString(strange, "not one of ours");

        room.restart();
        room.recovery.run();

        assertThat(strange).exists();
        assertThat(room.recovery.broken()).isEqualTo(1);
    }

    @Test
    void aTalkOfThisProcessIsNotTakenForOneThatWasLeft() {
        room.restart();
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.say(quiet(10));
        room.book.step();
        room.recovery.run();
        assertThat(room.spurt(talk.id()).ended()).isEmpty();

        speaker.say(quiet(10));
        room.end(talk);

        assertThat(room.spurt(talk.id()).audio().orElseThrow().packets()).isEqualTo(20);
        assertThat(room.spurt(talk.id()).fault()).isEmpty();
    }

    @Test
    void recoveryChainsWhatItSealsAndAnHourThatGrewIsToldAnew() {
        room.said(ENGINE, GROUP, quiet(10));
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.say(quiet(200));
        room.book.step();
        room.restart();
        room.clock.set(EIGHT.plus(Duration.ofHours(2)));
        room.recovery.run();
        room.book.step();

        List<AuditEntry> told = room.audit.entries().stream()
                .filter(entry -> entry.action().equals("talk.hour.recorded"))
                .toList();
        assertThat(told)
                .singleElement()
                .satisfies(entry -> assertThat(entry.facts()).containsEntry("spurts", "2"));
        List<SpurtStore.Sealed> chain = room.transactions.asSystem(() -> room.store.chain(GROUP, EIGHT));
        assertThat(chain.getLast().link())
                .isEqualTo(
                        SpurtChain.next(chain.getFirst().link(), chain.getLast().spurt()));
    }

    @Test
    void aProcessThatIsKilledLosesAtMostFiveSeconds() throws Exception {
        Process process = KilledTalk.process(folder.resolve("killed")).start();
        UUID id = UUID.fromString(process.inputReader().readLine());
        String said = process.inputReader().readLine();
        process.destroyForcibly();
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEqualTo("300");

        Path file;
        try (Stream<Path> all = Files.walk(folder.resolve("killed"))) {
            file = all.filter(path -> path.toString().contains(id.toString()))
                    .findFirst()
                    .orElseThrow();
        }
        Spurt spurt = SpurtRecovery.whole(file);

        assertThat(spurt.id()).isEqualTo(id);
        assertThat(spurt.fault()).contains(Spurt.Fault.CUT);
        assertThat(spurt.audio().orElseThrow().packets()).isBetween(300 - 250, 300);
        assertThat(SpurtRecovery.whole(file).audio().orElseThrow().sha256())
                .isEqualTo(spurt.audio().orElseThrow().sha256());
    }
}
