package org.conurb.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    @SuppressWarnings("NullAway")
    private Path folder;

    @Test
    void theKeyIsMadeOnceAndReadableByItsOwnerAlone() throws Exception {
        Path file = folder.resolve("keys/audit.key");
        KeyPair made = KeyFile.open(file);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        KeyPair read = KeyFile.open(file);
        assertThat(read.getPublic()).isEqualTo(made.getPublic());
        assertThat(new LogKey("alder", made).verifier().open(new LogKey("alder", read).sign("x\n")))
                .isPresent();
        assertThat(Files.list(file.getParent())).containsExactly(file);
    }

    @Test
    void aBrokenKeyStopsTheStartAndSaysWhatToDo() throws Exception {
        Path file = folder.resolve("audit.key");
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> KeyFile.open(file)).hasMessageContaining("back-up");
    }

    @Test
    void halvesOfTwoKeysAreRefused() {
        KeyPair mixed =
                new KeyPair(LogKey.generate().getPublic(), LogKey.generate().getPrivate());
        assertThatThrownBy(() -> new LogKey("alder", mixed)).hasMessageContaining("halves");
    }
}
