package org.conurb.talk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.conurb.testkit.Fuzzing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParsersFuzzTest {
    @Test
    void coverageGuidedBytesOfStrangersAreRefusedOrReadAndNeverThrow(@TempDir Path seeds) throws IOException {
        List<FloorPacket> samples = FloorPacketsTest.samples();
        for (int i = 0; i < samples.size(); i++) {
            Files.write(seeds.resolve("sample-" + i), FloorPacketsTest.bytes(samples.get(i)));
        }
        Files.writeString(seeds.resolve("sip"), SipMessageTest.PLAIN);
        Fuzzing.search(ParsersFuzz.class, seeds, Path.of("target/fuzz"));
    }
}
