package org.conurb.basemap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.onthegomap.planetiler.collection.LongLongMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLocationsTest {
    @TempDir
    Path folder;

    @Test
    void everyNodeIsFoundAndOthersAreMissing() throws IOException {
        Random random = new Random(3);
        TreeMap<Long, Long> expected = new TreeMap<>();
        while (expected.size() < 20_000) {
            expected.put(random.nextLong(14_000_000_000L), random.nextLong());
        }
        try (NodeLocations nodes = new NodeLocations(folder.resolve("nodes"))) {
            expected.forEach(nodes::put);
            expected.forEach((number, location) -> assertThat(nodes.get(number)).isEqualTo(location));
            for (int i = 0; i < 20_000; i++) {
                long number = random.nextLong(15_000_000_000L) - 1;
                assertThat(nodes.get(number)).isEqualTo(expected.getOrDefault(number, LongLongMap.MISSING_VALUE));
            }
        }
    }

    @Test
    void anEmptyMapMissesAll() throws IOException {
        try (NodeLocations nodes = new NodeLocations(folder.resolve("nodes"))) {
            assertThat(nodes.get(5)).isEqualTo(LongLongMap.MISSING_VALUE);
        }
    }

    @Test
    void numbersOutOfOrderAreRefused() throws IOException {
        try (NodeLocations nodes = new NodeLocations(folder.resolve("nodes"))) {
            nodes.put(5, 1);
            assertThatThrownBy(() -> nodes.put(5, 2)).isInstanceOf(Unusable.class);
        }
    }
}
