package org.conurb.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {
    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

    @TempDir
    Path data;

    @Test
    void keyIsMadeOnceForItsOwnerAlone() throws IOException {
        String first = kid();
        assertThat(kid()).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(open().verifying().toString(false)).doesNotContain("\"d\"");
    }

    @Test
    void oldKeySignsNoMoreButVerifiesForOneMoreAge() {
        String first = kid();
        clock.advance(Duration.ofDays(91));
        String second = kid();
        assertThat(second).isNotEqualTo(first);
        assertThat(open().verifying().getKeys()).hasSize(2);
        clock.advance(Duration.ofDays(90));
        kid();
        assertThat(open().verifying().getKeyByKeyId(first)).isNull();
        assertThat(open().verifying().getKeyByKeyId(second)).isNotNull();
    }

    @Test
    void damagedFileStopsTheStartAndNamesItself() throws IOException {
        Files.writeString(file(), "not keys");
        assertThatThrownBy(this::open)
                .hasMessageContaining("token-signing.json")
                .hasMessageContaining("back-up");
    }

    private String kid() {
        return open().signing().getKeys().getFirst().getKeyID();
    }

    private SigningKeys open() {
        return new SigningKeys(new PrivateFile(file()), Duration.ofDays(90), new SecureRandom(), clock);
    }

    private Path file() {
        return data.resolve("token-signing.json");
    }
}
