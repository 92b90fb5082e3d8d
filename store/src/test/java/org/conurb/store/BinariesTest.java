package org.conurb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {
    @TempDir
    Path folder;

    @Test
    void unpacksFilesFoldersAndLinks() throws IOException {
        byte[] tar = tar(
                entry("bin/", '5', 0755, "", ""),
                entry("bin/a", '0', 0755, "", "hello"),
                entry("b", '2', 0777, "bin/a", ""));
        Binaries.unpack(new ByteArrayInputStream(tar), folder);
        assertThat(folder.resolve("b")).hasContent("hello").isSymbolicLink();
        assertThat(folder.resolve("bin/a")).isExecutable();
    }

    @Test
    void writesNothingOutsideItsFolder() throws IOException {
        byte[] tar = tar(entry("../outside", '0', 0644, "", "x"));
        assertThatThrownBy(() -> Binaries.unpack(new ByteArrayInputStream(tar), folder.resolve("in")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("outside itself");
        assertThat(folder.resolve("outside")).doesNotExist();
    }

    @Test
    void damagedArchivesEndInAFault() throws IOException {
        byte[] whole = tar(entry("bin/", '5', 0755, "", ""), entry("bin/a", '0', 0755, "", "hello".repeat(300)));
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
            for (int n = 0; n < 5 && damaged.length > 0; n++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Path into = folder.resolve("run" + i);
            try {
                Binaries.unpack(new ByteArrayInputStream(damaged), into);
            } catch (IOException declared) {
                assertThat(declared).isNotNull();
            }
        }
    }

    private static byte[] entry(String name, char kind, int mode, String link, String content) {
        byte[] body = content.getBytes(StandardCharsets.US_ASCII);
        byte[] block = new byte[512 + (body.length + 511) / 512 * 512];
        put(block, 0, name);
        put(block, 100, "%07o".formatted(mode));
        put(block, 124, "%011o".formatted(body.length));
        block[156] = (byte) kind;
        put(block, 157, link);
        System.arraycopy(body, 0, block, 512, body.length);
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static byte[] tar(byte[]... entries) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            all.write(entry);
        }
        all.write(new byte[1024]);
        return all.toByteArray();
    }
}
