package org.conurb.warnings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.ConurbException;
import org.conurb.store.Transactions;
import org.conurb.warnings.WarningStore.Document;

/**
 * A folder into which others put CAP files. What was taken in moves to {@code done}, what was refused to {@code refused}
 * beside a text with the reason. A file is moved after its commit, so one that is met again changes nothing. One that is
 * refused is looked at twice, unchanged, before it moves: it may have been half written.
 */
final class FolderSource implements Source {
    private static final int MOST_FILES_A_ROUND = 200;

    private final City.WarningSource configured;
    private final Path folder;
    private final Transactions transactions;
    private final Warnings warnings;
    private final int keepFiles;
    private Map<Path, String> doubted = new HashMap<>();

    FolderSource(City.WarningSource configured, Transactions transactions, Warnings warnings, int keepFiles) {
        this.configured = configured;
        this.folder = Path.of(configured.location());
        this.transactions = transactions;
        this.warnings = warnings;
        this.keepFiles = keepFiles;
    }

    @Override
    public City.WarningSource configured() {
        return configured;
    }

    @Override
    public SourceRound poll() {
        try {
            SourceRound round = SourceRound.NOTHING;
            Map<Path, String> stillDoubted = new HashMap<>();
            for (Path file : files()) {
                round = take(file, round, stillDoubted);
            }
            doubted = stillDoubted;
            return round;
        } catch (IOException e) {
            return SourceRound.failed("%s cannot be read or written: %s".formatted(folder, e.getMessage()));
        }
    }

    private SourceRound take(Path file, SourceRound round, Map<Path, String> stillDoubted) throws IOException {
        String form = form(file);
        try {
            byte[] bytes = bytes(file);
            CapAlert alert = CapReader.read(bytes);
            Caller caller = Caller.system("warnings", configured.organisation());
            Warnings.Taken taken = transactions.as(
                    List.of(configured.organisation()),
                    () -> warnings.take(
                            caller,
                            configured.organisation(),
                            alert,
                            new Document(WarningController.CAP, bytes),
                            false));
            move(file, "done");
            return round.took(taken.fresh());
        } catch (NoSuchFileException gone) {
            return round;
        } catch (CapRefused | Conflict fault) {
            ConurbException refused = fault;
            if (!form.equals(doubted.get(file))) {
                stillDoubted.put(file, form);
                return round;
            }
            Path moved = move(file, "refused");
            Files.writeString(
                    moved.resolveSibling(moved.getFileName() + ".reason.txt"),
                    refused.detail() + "\n" + refused.remedy() + "\n");
            return round.refusing("%s: %s".formatted(file.getFileName(), refused.detail()));
        }
    }

    /** Oldest names first; only plain files, never what a link points to. */
    private List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.{xml,cap,XML,CAP}")) {
            for (Path file : all) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(file);
                }
                if (found.size() == 50 * MOST_FILES_A_ROUND) {
                    break;
                }
            }
        }
        Collections.sort(found);
        return found.subList(0, Math.min(found.size(), MOST_FILES_A_ROUND));
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(CapReader.MAX_BYTES + 1);
        }
    }

    private static String form(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return now.size() + " " + now.lastModifiedTime();
    }

    private Path move(Path file, String to) throws IOException {
        Path target = Files.createDirectories(folder.resolve(to));
        Path moved = target.resolve(String.valueOf(file.getFileName()));
        Files.move(file, moved, StandardCopyOption.REPLACE_EXISTING);
        prune(target);
        return moved;
    }

    /** Deletes the oldest files beyond those kept. */
    private void prune(Path target) throws IOException {
        record Aged(Path file, long at) {}
        List<Aged> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target, "*.{xml,cap,XML,CAP}")) {
            for (Path file : files) {
                all.add(new Aged(
                        file,
                        Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                .toMillis()));
            }
        }
        all.sort((a, b) -> Long.compare(b.at, a.at));
        for (Aged old : all.subList(Math.min(keepFiles, all.size()), all.size())) {
            Files.deleteIfExists(old.file);
            Files.deleteIfExists(old.file.resolveSibling(old.file.getFileName() + ".reason.txt"));
        }
    }
}
