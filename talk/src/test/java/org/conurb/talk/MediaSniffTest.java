package org.conurb.talk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaSniffTest {
    private static final String TEXT = "text/plain; charset=utf-8";

    private static Optional<String> type(byte[] file, String declared, int piece) {
        MediaSniff sniff = new MediaSniff();
        for (int at = 0; at < file.length; at += piece) {
            byte[] part = Arrays.copyOfRange(file, at, Math.min(file.length, at + piece));
            sniff.feed(part, part.length);
        }
        return sniff.type(declared);
    }

    @ParameterizedTest
    @CsvSource({
        "FFD8FFE000104A464946, image/jpeg",
        "89504E470D0A1A0A0000, image/png",
        "474946383961, image/gif",
        "52494646FFFFFFFF57454250, image/webp",
        "52494646FFFFFFFF57415645, audio/wav",
        "000000186674797068656963, image/heic",
        "000000206674797069736F6D, video/mp4",
        "00000020667479704D344120, audio/mp4",
        "4F67675300, video/ogg",
        "494433030000, audio/mpeg",
        "FFFB9064, audio/mpeg",
        "664C614300000022, audio/flac",
        "255044462D312E37, application/pdf",
        "1A45DFA3934282847765626D, video/webm"
    })
    void aFileIsWhatItsOctetsSay(String hex, String type) {
        byte[] file = java.util.HexFormat.of().parseHex(hex);

        assertThat(type(file, "text/html", 3)).contains(type);
        assertThat(type(file, null, 1_000)).contains(type);
    }

    @Test
    void itsSenderTellsSoundFromVideoWhereOneFormHoldsBoth() {
        byte[] mp4 = "\0\0\0\u0020ftypisom".getBytes(ISO_8859_1);

        assertThat(type(mp4, "audio/mp4", 64)).contains("audio/mp4");
        assertThat(type(mp4, "image/png", 64)).contains("video/mp4");
    }

    @Test
    void aPageOrAScriptIsTextAndNothingThatRuns() {
        for (String text : new String[] {
            "<!doctype html><script>alert(1)</script>",
            "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "#!/bin/sh\nrm -rf /\n"
        }) {
            assertThat(type(text.getBytes(UTF_8), "image/svg+xml", 5)).contains(TEXT);
        }
    }

    @Test
    void textIsUtf8InWhateverPiecesItComes() {
        byte[] words = "Fumée au 3ᵉ étage, 烟, 🚒\r\n\tفورا".getBytes(UTF_8);

        for (int piece = 1; piece <= words.length; piece++) {
            assertThat(type(words, null, piece)).contains(TEXT);
        }
        assertThat(type(Arrays.copyOf(words, words.length - 1), null, 4))
                .as("cut within a letter")
                .isEmpty();
    }

    @Test
    void programsAndArchivesAreNotTaken() {
        assertThat(type("MZ\u0090\0\3\0\0\0".getBytes(ISO_8859_1), "image/png", 64))
                .isEmpty();
        assertThat(type("\u007fELF\2\1\1\0".getBytes(ISO_8859_1), null, 64)).isEmpty();
        assertThat(type("PK\3\4\24\0".getBytes(ISO_8859_1), "application/pdf", 64))
                .isEmpty();
        assertThat(type("\u00ff\u00fe<\0h\0".getBytes(ISO_8859_1), null, 64))
                .as("UTF-16")
                .isEmpty();
        assertThat(type(new byte[0], "text/plain", 64)).isEmpty();
    }

    @Test
    void randomOctetsAreLookedAtWithoutHarm() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            byte[] file = new byte[random.nextInt(200)];
            random.nextBytes(file);

            assertThat(type(file, "image/png", 1 + random.nextInt(70)).orElse(TEXT))
                    .matches("(image|audio|video|application|text)/.*");
        }
    }
}
