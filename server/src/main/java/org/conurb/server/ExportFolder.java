package org.conurb.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/** A folder that appears when it is whole: written beside its place under another name, then renamed. */
final class ExportFolder implements AutoCloseable {
    private static final String README = """
            # Linked entities of %s

            Written by Conurb (`./conurb admin export`) from its public doors while the city worked: each page as of the moment
            when it was read. Everything is UTF-8.

            | file | what |
            |---|---|
            | `entities.ndjson` | one entity a line, NGSI-LD as JSON-LD (ETSI GS CIM 009), with when it was made and changed |
            | `history.ndjson` | what their attributes were: one entity a line, each attribute a list of its instances; a long history has several lines |
            | `city.json` | organisations, codes, purposes and districts, in the words of the city |
            | `audit-checkpoint.txt` | signed state of the audit log (C2SP signed note) after the last page was read |
            | `audit-key.txt` | the key that checks its signature |
            | `SHA256SUMS` | check all of it: `sha256sum -c SHA256SUMS` |

            Video is not here: it is taken out as evidence, or copied from the data folder. Nor are people, clients and grants.
            It holds what concerns persons: keep it as you keep that.
            """;

    private final Path target;
    private final Path part;
    private final ExportLines entities;
    private final ExportLines history;
    private long told;

    private ExportFolder(Path target, Path part) throws IOException {
        this.target = target;
        this.part = part;
        this.entities = new ExportLines(part, "entities");
        this.history = new ExportLines(part, "history");
    }

    static ExportFolder at(Path wanted) throws IOException {
        Path target = wanted.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new StartFailure("%s is there already.".formatted(target), "Name a folder that is not there yet.");
        }
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        Tree.delete(part);
        Files.createDirectories(part);
        return new ExportFolder(target, part);
    }

    Path target() {
        return target;
    }

    ExportLines entities() {
        return entities;
    }

    ExportLines history() {
        return history;
    }

    void write(String name, String text) throws IOException {
        Files.writeString(part.resolve(name), text);
    }

    /** Tells each thousand, on the error stream. */
    void tell() {
        if (entities.count() / 1_000 > told) {
            told = entities.count() / 1_000;
            System.err.printf("  %,d entities read%n", told * 1_000);
        }
    }

    /** Gathers the lines, signs off with the sums, and gives the folder its name. */
    void finish(String city) throws IOException {
        entities.gather(part.resolve("entities.ndjson"));
        history.gather(part.resolve("history.ndjson"));
        write("README.md", README.formatted(city));
        StringBuilder sums = new StringBuilder();
        try (Stream<Path> files = Files.list(part)) {
            for (Path file : files.sorted().toList()) {
                sums.append(sha256(file))
                        .append("  ")
                        .append(file.getFileName())
                        .append('\n');
            }
        }
        write("SHA256SUMS", sums.toString());
        try (Stream<Path> files = Files.list(part)) {
            for (Path file : files.toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String sha256(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** What is not whole goes. */
    @Override
    public void close() throws IOException {
        entities.close();
        history.close();
        Tree.delete(part);
    }
}
