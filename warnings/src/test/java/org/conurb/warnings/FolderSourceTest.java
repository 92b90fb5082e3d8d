package org.conurb.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceTest {
    @AutoClose
    private final WarningsFixture room = new WarningsFixture();

    @TempDir
    Path folder;

    @Test
    void filesAreTakenInAndMoved() throws IOException {
        FolderSource source = source(10);
        write("a.xml", Cap.alert("A1"));
        write("b.cap", Cap.alert("A2").update("A1"));
        Files.writeString(folder.resolve("notes.txt"), "left alone");
        SourceRound round = source.poll();
        assertThat(round).isEqualTo(new SourceRound(2, 0, true, java.util.Optional.empty()));
        assertThat(room.active()).containsExactly("A2");
        assertThat(room.only("A1").organisation()).isEqualTo("weather");
        assertThat(names(folder)).containsExactly("done", "notes.txt");
        assertThat(names(folder.resolve("done"))).containsExactly("a.xml", "b.cap");
        assertThat(source.poll()).isEqualTo(SourceRound.NOTHING);
    }

    @Test
    void aBrokenFileIsRefusedAtTheSecondLookWithItsReason() throws IOException {
        FolderSource source = source(10);
        write("bad.xml", Cap.alert("A1").without("scope"));
        assertThat(source.poll().refused()).isZero();
        SourceRound round = source.poll();
        assertThat(round.refused()).isEqualTo(1);
        assertThat(round.problem().orElseThrow()).contains("bad.xml", "Line 8", "<scope>");
        assertThat(names(folder.resolve("refused"))).containsExactly("bad.xml", "bad.xml.reason.txt");
        assertThat(folder.resolve("refused/bad.xml.reason.txt")).content().contains("Line 8", "<scope> is missing");
        assertThat(room.all()).isEmpty();
    }

    @Test
    void aFileThatIsHalfWrittenIsTakenOnceItIsWhole() throws IOException {
        FolderSource source = source(10);
        String whole = Cap.alert("A1").xml();
        Files.writeString(folder.resolve("a.xml"), whole.substring(0, 200));
        assertThat(source.poll()).isEqualTo(SourceRound.NOTHING);
        Files.writeString(folder.resolve("a.xml"), whole.substring(0, 400));
        assertThat(source.poll()).isEqualTo(SourceRound.NOTHING);
        Files.writeString(folder.resolve("a.xml"), whole);
        assertThat(source.poll().taken()).isEqualTo(1);
        assertThat(room.active()).containsExactly("A1");
    }

    @Test
    void aFileMetAgainAfterItsCommitChangesNothing() throws IOException {
        write("a.xml", Cap.alert("A1"));
        source(10).poll();
        write("a.xml", Cap.alert("A1"));
        assertThat(source(10).poll()).isEqualTo(SourceRound.NOTHING);
        assertThat(room.all()).hasSize(1);
        assertThat(names(folder.resolve("done"))).containsExactly("a.xml");
    }

    @Test
    void linksAndHugeFilesAreNotFollowed() throws IOException {
        FolderSource source = source(10);
        Path secret = Files.writeString(
                Files.createTempFile("conurb", ".xml"), Cap.alert("SECRET").xml());
        Files.createSymbolicLink(folder.resolve("link.xml"), secret);
        Files.createDirectory(folder.resolve("folder.xml"));
        Files.write(folder.resolve("huge.xml"), new byte[3_000_000]);
        source.poll();
        SourceRound round = source.poll();
        assertThat(round.problem().orElseThrow()).contains("huge.xml", "1000000 bytes");
        assertThat(names(folder)).containsExactly("folder.xml", "link.xml", "refused");
        assertThat(room.all()).isEmpty();
        Files.delete(secret);
    }

    @Test
    void onlyTheNewestFilesStay() throws IOException {
        FolderSource source = source(3);
        for (int i = 0; i < 8; i++) {
            write("a" + i + ".xml", Cap.alert("A" + i));
            Files.setLastModifiedTime(
                    folder.resolve("a" + i + ".xml"),
                    java.nio.file.attribute.FileTime.fromMillis(1_000_000L + i * 1_000));
        }
        assertThat(source.poll().taken()).isEqualTo(8);
        assertThat(names(folder.resolve("done"))).containsExactly("a5.xml", "a6.xml", "a7.xml");
    }

    @Test
    void aFolderThatIsNotThereIsTold() {
        FolderSource source =
                new FolderSource(WarningsFixture.source(folder.resolve("gone")), room.transactions, room.warnings, 10);
        SourceRound round = source.poll();
        assertThat(round.complete()).isFalse();
        assertThat(round.problem().orElseThrow()).contains("gone");
    }

    private FolderSource source(int keepFiles) {
        return new FolderSource(WarningsFixture.source(folder), room.transactions, room.warnings, keepFiles);
    }

    private void write(String name, Cap cap) throws IOException {
        Files.write(folder.resolve(name), cap.bytes());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
