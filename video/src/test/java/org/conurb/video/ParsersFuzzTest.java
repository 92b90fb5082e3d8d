package org.conurb.video;

import java.nio.file.Path;
import org.conurb.testkit.Fuzzing;
import org.junit.jupiter.api.Test;

class ParsersFuzzTest {
    @Test
    void coverageGuidedBytesOfCamerasAndTablesAreRefusedOrReadAndNeverThrow() {
        Fuzzing.search(ParsersFuzz.class, Path.of("src/test/resources/recorded"), Path.of("target/fuzz"));
    }
}
