package org.conurb.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.Random;
import org.conurb.kernel.BadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilePathTest {
    @Test
    void theExampleOfTheSpecificationIsRead() {
        assertThat(TilePath.parse("0/x001/x234/067")).isEqualTo(new TilePath(OptionalInt.of(0), 1_234_067, 256));
        assertThat(TilePath.parse("entries/000.p/8")).isEqualTo(new TilePath(OptionalInt.empty(), 0, 8));
        assertThat(TilePath.parse("63/999.p/255")).isEqualTo(new TilePath(OptionalInt.of(63), 999, 255));
    }

    @Test
    void everyPathIsReadAsItIsWritten() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            long index = random.nextLong(1L << random.nextInt(1, 50));
            TilePath path = new TilePath(
                    random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(64)),
                    index,
                    random.nextInt(1, 257));
            assertThat(TilePath.parse(path.text())).isEqualTo(path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0/",
                "0/1",
                "00/000",
                "64/000",
                "-1/000",
                "0/x000/001",
                "0/001/002",
                "0/x001",
                "0/000.p/0",
                "0/000.p/256",
                "0/000.p/08",
                "0/000.p/",
                "entries/0000",
                "0/000/",
                "0/../001",
                "0/٠٠٠",
                "0/x999/x999/x999/x999/x999/x999/999"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> TilePath.parse(text)).isInstanceOf(BadRequest.class);
    }

    @Test
    void randomTextIsRefusedAndNeverCrashes() {
        Random random = new Random(11);
        String alphabet = "0129x/.pentris ٣\0";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(24); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(TilePath.parse(text.toString()).text()).isEqualTo(text.toString());
            } catch (BadRequest refused) {
                assertThat(refused.remedy()).isNotEmpty();
            }
        }
    }
}
