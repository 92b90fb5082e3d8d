package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.conurb.kernel.VerifierKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
    /** The example that the signed-note format has had from its beginning. */
    private static final String REFERENCE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private static final String REFERENCE_TEXT =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private static final String REFERENCE_NOTE = REFERENCE_TEXT
            + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    private final LogKey key = new LogKey("alder.conurb/audit", LogKey.generate());

    @Test
    void theReferenceNoteOpensWithTheReferenceKey() {
        VerifierKey reference = VerifierKey.parse(REFERENCE_KEY);
        assertThat(reference.text()).isEqualTo(REFERENCE_KEY);
        assertThat(reference.open(REFERENCE_NOTE)).contains(REFERENCE_TEXT);
    }

    @Test
    void aCheckpointOpensWithTheKeyThatSignedItAndNoOther() {
        byte[] root = MerkleTree.leafHash(new byte[0]);
        String note = key.sign(new Checkpoint("alder.conurb/audit", 42, root).text());
        VerifierKey verifier = VerifierKey.parse(key.verifier().text());
        Checkpoint opened = Checkpoint.parse(verifier.open(note).orElseThrow()).orElseThrow();
        assertThat(opened.origin()).isEqualTo("alder.conurb/audit");
        assertThat(opened.size()).isEqualTo(42);
        assertThat(opened.root()).isEqualTo(root);
        LogKey other = new LogKey("alder.conurb/audit", LogKey.generate());
        assertThat(other.verifier().open(note)).isEmpty();
        assertThat(VerifierKey.parse(REFERENCE_KEY).open(note)).isEmpty();
    }

    @Test
    void signaturesOfWitnessesArePassedOver() {
        String note = key.sign("text\n");
        String witness = new LogKey("witness.example", LogKey.generate()).sign("text\n");
        String both = note + witness.substring("text\n\n".length());
        assertThat(key.verifier().open(both)).contains("text\n");
    }

    @Test
    void noChangedByteOpens() {
        String note = key.sign(new Checkpoint("alder.conurb/audit", 7, new byte[32]).text());
        byte[] bytes = note.getBytes(UTF_8);
        Random random = new Random(3);
        for (int at = 0; at < bytes.length - 1; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= (byte) (1 << random.nextInt(7));
            assertThat(key.verifier().open(new String(changed, UTF_8)))
                    .as("byte %d", at)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a+b",
                "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+ARpc",
                "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+***"
            })
    void aMangledKeyIsRefused(String text) {
        assertThatThrownBy(() -> VerifierKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void randomNotesAndCheckpointsAreRefusedAndNeverCrash() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String text = new String(bytes, UTF_8) + (i % 2 == 0 ? "\n\n— alder.conurb/audit AAAA\n" : "\n1\nAAAA\n");
            assertThat(key.verifier().open(text)).isEmpty();
            assertThat(Checkpoint.parse(text)).isEmpty();
        }
    }

    @Test
    void aNameWithSpacesOrPlusIsRefused() {
        assertThatThrownBy(() -> new LogKey("a b", LogKey.generate())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LogKey("a+b", LogKey.generate())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LogKey("", LogKey.generate())).isInstanceOf(IllegalArgumentException.class);
    }
}
