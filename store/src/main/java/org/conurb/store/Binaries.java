package org.conurb.store;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.zip.CRC32;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs for this platform, unpacked once from the jar that carries them. */
record Binaries(Path folder) {
    private static final int BLOCK = 512;

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** Unpacks into a folder named after the archive's checksum; an unfinished one is never used. */
    static Binaries in(Path parent) {
        String archive = "postgres-%s-%s.txz".formatted(system(), machine());
        URL url = Binaries.class.getResource("/" + archive);
        if (url == null) {
            throw new StoreFault(
                    "postgres-platform",
                    "This build carries no PostgreSQL for this platform (%s).".formatted(archive),
                    "Build Conurb on this machine, or give an external PostgreSQL 18 by conurb.store.url.");
        }
        try {
            Path folder = parent.resolve("binaries-" + checksum(url));
            if (!Files.isExecutable(folder.resolve("bin/postgres"))) {
                Path unfinished = Files.createTempDirectory(parent, "unpacking-");
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
                try (InputStream from = url.openStream()) {
                    unpack(new XZInputStream(new BufferedInputStream(from, 1 << 16)), unfinished);
                }
                settle(unfinished, folder);
            }
            return new Binaries(folder);
        } catch (IOException e) {
            throw new StoreFault(
                    "postgres-unpack",
                    "PostgreSQL could not be unpacked into %s: %s.".formatted(parent, e.getMessage()),
                    "Free disk space there, or make the folder writable.",
                    e);
        }
    }

    private static void settle(Path unfinished, Path folder) throws IOException {
        try {
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Folders.delete(unfinished);
            if (!Files.isExecutable(folder.resolve("bin/postgres"))) {
                throw e;
            } // else another start was quicker
        }
    }

    /** Of the whole archive; the jar's directory has it ready. */
    private static String checksum(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        if (connection instanceof JarURLConnection jar && jar.getJarEntry() != null) {
            return "%08x-%d"
                    .formatted(jar.getJarEntry().getCrc(), jar.getJarEntry().getSize());
        }
        CRC32 crc = new CRC32();
        try (InputStream from = connection.getInputStream()) {
            byte[] all = from.readAllBytes();
            crc.update(all);
            return "%08x-%d".formatted(crc.getValue(), all.length);
        }
    }

    /** Reads a ustar archive of files, folders and links, as this one is; anything else in it is a fault. */
    static void unpack(InputStream tar, Path into) throws IOException {
        DataInputStream from = new DataInputStream(tar);
        byte[] header = new byte[BLOCK];
        while (true) {
            from.readFully(header);
            String name = text(header, 0, 100);
            if (name.isEmpty()) {
                return;
            }
            Path target = path(into, name);
            if (!target.startsWith(into)) {
                throw new IOException("The archive names a file outside itself: " + name);
            }
            long size = octal(header, 124, 12);
            switch (header[156]) {
                case '5' -> Files.createDirectories(target);
                case '2' -> Files.createSymbolicLink(parent(target), Path.of(text(header, 157, 100)));
                case '0', 0 -> {
                    copy(from, parent(target), size);
                    boolean program = (octal(header, 100, 8) & 0111) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
                default -> throw new IOException("The archive holds a thing of kind " + (char) header[156]);
            }
        }
    }

    private static Path parent(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return file;
    }

    private static void copy(DataInputStream from, Path target, long size) throws IOException {
        try (var to = Files.newOutputStream(target)) {
            byte[] buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int read = from.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("The archive ends in " + target.getFileName());
                }
                to.write(buffer, 0, read);
                left -= read;
            }
        }
        from.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private static Path path(Path into, String name) throws IOException {
        try {
            return into.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new IOException("The archive names no file: " + name, e);
        }
    }

    private static long octal(byte[] header, int at, int length) throws IOException {
        try {
            return Long.parseUnsignedLong(text(header, at, length).strip(), 8);
        } catch (NumberFormatException e) {
            throw new IOException("The archive has no number at " + at, e);
        }
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.US_ASCII);
    }

    private static String system() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name;
    }

    private static String machine() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            case String other -> other;
        };
    }
}
