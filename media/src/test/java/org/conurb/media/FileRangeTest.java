package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRangeTest {
    @TempDir
    Path folder;

    @Test
    void aReadThatIsUnderWayEndsWithItsGrantAtTheNextPiece() throws IOException {
        Path file = Files.write(folder.resolve("a.mp4"), new byte[900_000]);
        ByteArrayOutputStream slow = new ByteArrayOutputStream();
        FileRange all = FileRange.of(null, 900_000).orElseThrow();

        assertThatThrownBy(() -> all.copy(file, slow, () -> slow.size() < 200_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("grant");

        assertThat(slow.size()).isBetween(200_000, 200_000 + (64 << 10));
    }
}
