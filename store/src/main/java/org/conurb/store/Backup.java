package org.conurb.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * An online back-up of the embedded cluster and of other parts of the data folder, while the server goes on.
 *
 * <p>The idea (PostgreSQL manual 25.3.4): between {@code pg_backup_start} and {@code pg_backup_stop} the cluster's files
 * are copied as they are; the log of changes from the first to the last moment is copied after them, held meanwhile by a
 * temporary replication slot, and makes the copy consistent when it is replayed. So what was acknowledged before the end
 * is in it. A folder appears under its name only when all is on disk.
 */
public final class Backup {
    private static final Logger LOG = LoggerFactory.getLogger(Backup.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'conurb-'yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Duration STATEMENT = Duration.ofMinutes(10);
    private static final TypeReference<List<Receipt>> RECEIPTS = new TypeReference<>() {};
    private static final int KEPT_RECEIPTS = 20;

    /** Folders that PostgreSQL fills anew when it starts (manual 25.3.4.3); the log of changes is copied by itself. */
    private static final Set<String> EMPTIED = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "pg_internal.init",
            "current_logfiles",
            "conurb.settings",
            "pg_control");

    private final Path data;
    private final Clock clock;

    private Backup(Path data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /** Told now and then while files are copied; the total is an estimate. */
    @FunctionalInterface
    public interface Progress {
        void copied(long bytes, long totalBytes);
    }

    /**
     * A back-up that was taken.
     *
     * @param startedAt what was acknowledged before is in it
     * @param files how many
     */
    public record Receipt(String folder, Instant startedAt, Instant finishedAt, long bytes, int files) {}

    /** Of a data folder whose embedded cluster runs, in this process or in another. */
    public static Backup of(Path data, Clock clock) {
        return new Backup(data.toAbsolutePath().normalize(), clock);
    }

    /** The latest back-up of a data folder. */
    public static Optional<Receipt> last(Path data) {
        try {
            return receipts(data).stream().reduce((a, b) -> b);
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Takes one.
     *
     * @param into folder that receives a folder named after the time
     * @param parts of the data folder, relative, to copy besides the database: files and folders, as {@code keys}; those
     *     that are not there are left out
     */
    public Receipt take(Path into, List<Path> parts, Progress progress) {
        Instant startedAt = clock.instant();
        Path target = into.toAbsolutePath().normalize().resolve(NAME.format(startedAt));
        Path unfinished = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            Path folder = Cluster.folderOf(data);
            Login superuser = superuser(folder);
            Files.createDirectories(into);
            Files.createDirectory(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            BackupManifest manifest = copy(superuser, folder, unfinished, parts, startedAt, progress);
            manifest.write(unfinished);
            Folders.forceTree(unfinished);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            Folders.force(target.getParent());
            Receipt receipt = new Receipt(
                    target.toString(),
                    startedAt,
                    manifest.finishedAt(),
                    manifest.bytes(),
                    manifest.files().size());
            remember(receipt);
            LOG.atInfo()
                    .addKeyValue("folder", target)
                    .addKeyValue("bytes", receipt.bytes())
                    .log("backup.taken");
            return receipt;
        } catch (IOException | SQLException e) {
            discard(unfinished);
            throw new StoreFault(
                    "backup-failed",
                    "The back-up into %s failed: %s".formatted(into, e.getMessage()),
                    "See that the folder is writable and has room, that the server runs, and that no other back-up does.",
                    e);
        } catch (RuntimeException e) {
            discard(unfinished);
            throw e;
        }
    }

    private Login superuser(Path folder) throws IOException {
        OptionalInt port = Postmaster.port(folder);
        if (port.isEmpty()) {
            throw new StoreFault(
                    "backup-not-running",
                    "PostgreSQL of %s does not run.".formatted(data),
                    "Start the server first. An external PostgreSQL is backed up by its own tools.");
        }
        return Login.of(
                "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port.getAsInt()),
                Passwords.SUPERUSER,
                Passwords.read(data).of(Passwords.SUPERUSER));
    }

    private BackupManifest copy(
            Login superuser, Path cluster, Path to, List<Path> parts, Instant startedAt, Progress progress)
            throws IOException, SQLException {
        try (Connection connection = superuser.connect(STATEMENT);
                Statement session = connection.createStatement()) {
            String version = one(session, "select current_setting('server_version')");
            long total = Long.parseLong(one(session, "select sum(pg_database_size(oid)) from pg_database"));
            one(session, "select pg_create_physical_replication_slot('conurb_backup', true, true)::text");
            String start = one(session, "select pg_backup_start('conurb', true)::text");
            Copy copy = new Copy(to, total, progress, PageCheck.lsn(start));
            Files.createDirectory(to.resolve("cluster"));
            copy.tree(cluster, "cluster", true);
            copy.control(cluster);
            String stop;
            try (ResultSet end = session.executeQuery("select lsn::text, labelfile from pg_backup_stop(false)")) {
                end.next();
                stop = end.getString(1);
                copy.text("cluster/backup_label", end.getString(2));
            }
            copy.log(
                    cluster,
                    one(session, "select pg_walfile_name('%s')".formatted(start)),
                    one(session, "select pg_walfile_name('%s')".formatted(stop)));
            for (Path part : parts) {
                copy.part(data, part);
            }
            return new BackupManifest(
                    BackupManifest.FORMAT,
                    version,
                    startedAt,
                    clock.instant(),
                    start,
                    stop,
                    List.copyOf(copy.folders),
                    List.copyOf(copy.files));
        }
    }

    private static String one(Statement session, String sql) throws SQLException {
        try (ResultSet row = session.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void remember(Receipt receipt) throws IOException {
        List<Receipt> all = new ArrayList<>();
        try {
            all.addAll(receipts(data));
        } catch (JacksonException broken) {
            LOG.atWarn().addKeyValue("file", file(data)).log("backup.receipts.unreadable");
        }
        all.add(receipt);
        List<Receipt> kept = all.subList(Math.max(0, all.size() - KEPT_RECEIPTS), all.size());
        Folders.writeSecret(file(data), Json.mapper().writeValueAsBytes(kept));
    }

    private static List<Receipt> receipts(Path data) throws IOException {
        return Files.exists(file(data)) ? Json.mapper().readValue(Files.readAllBytes(file(data)), RECEIPTS) : List.of();
    }

    private static Path file(Path data) {
        return data.resolve("backups.json");
    }

    private static void discard(Path unfinished) {
        try {
            Folders.delete(unfinished);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("folder", unfinished).log("backup.leftover");
        }
    }

    /** One run of copying; confined to its thread. */
    private static final class Copy {
        private final Path to;
        private final long total;
        private final Progress progress;
        private final long startLsn;
        private final List<String> folders = new ArrayList<>(List.of("cluster"));
        private final List<BackupManifest.Entry> files = new ArrayList<>();
        private long copied;

        Copy(Path to, long total, Progress progress, long startLsn) {
            this.startLsn = startLsn;
            this.to = to;
            this.total = total;
            this.progress = progress;
        }

        /** @param cluster whether this is PostgreSQL's, of which some is left out */
        void tree(Path root, String name, boolean cluster) throws IOException {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is) throws IOException {
                    String relative = root.relativize(folder).toString();
                    if (!relative.isEmpty()) {
                        folder(name + "/" + relative);
                    }
                    return cluster && EMPTIED.contains(relative)
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path path, BasicFileAttributes is) throws IOException {
                    String relative = root.relativize(path).toString();
                    if (cluster && leftOut(relative)) {
                        return FileVisitResult.CONTINUE;
                    }
                    if (!is.isRegularFile()) {
                        throw new IOException("Neither file nor folder: " + path);
                    }
                    file(path, name + "/" + relative, cluster ? new PageCheck(relative, startLsn) : PageCheck.none());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE; // a table was dropped while we looked; replay drops it too
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    return FileVisitResult.CONTINUE;
                }
            });
        }

        private static boolean leftOut(String relative) {
            return LEFT.contains(String.valueOf(Path.of(relative).getFileName())) || relative.contains("pgsql_tmp");
        }

        void folder(String name) throws IOException {
            Files.createDirectories(to.resolve(name));
            folders.add(name);
        }

        void file(Path from, String name, PageCheck check) throws IOException {
            try {
                BackupManifest.Entry entry = Folders.copy(from, to.resolve(name), name, check);
                files.add(entry);
                copied += entry.bytes();
                progress.copied(copied, Math.max(copied, total));
            } catch (NoSuchFileException gone) {
                Files.deleteIfExists(to.resolve(name));
            }
        }

        void text(String name, String content) throws IOException {
            byte[] bytes = content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            Folders.writeSecret(to.resolve(name), bytes);
            files.add(new BackupManifest.Entry(name, bytes.length, Folders.sha256(bytes)));
        }

        /** It is written in place and small, so it is read until two readings agree. */
        void control(Path cluster) throws IOException {
            Path control = cluster.resolve("global/pg_control");
            byte[] before = Files.readAllBytes(control);
            for (int i = 0; i < 100; i++) {
                byte[] now = Files.readAllBytes(control);
                if (java.util.Arrays.equals(before, now)) {
                    String name = "cluster/global/pg_control";
                    Folders.writeSecret(to.resolve(name), now);
                    files.add(new BackupManifest.Entry(name, now.length, Folders.sha256(now)));
                    return;
                }
                before = now;
            }
            throw new IOException("global/pg_control does not come to rest");
        }

        /** Segments of the log of changes; their names sort by place (and by timeline, of which there is one). */
        void log(Path cluster, String first, String last) throws IOException {
            List<Path> segments;
            try (var names = Files.list(cluster.resolve("pg_wal"))) {
                segments = names.filter(p -> {
                            String name = String.valueOf(p.getFileName());
                            return name.length() == 24 && name.compareTo(first) >= 0 && name.compareTo(last) <= 0;
                        })
                        .sorted()
                        .toList();
            }
            if (segments.isEmpty()
                    || !segments.getFirst().endsWith(first)
                    || !segments.getLast().endsWith(last)) {
                throw new IOException("The log of changes from %s to %s is not whole".formatted(first, last));
            }
            for (Path segment : segments) {
                file(segment, "cluster/pg_wal/" + segment.getFileName(), PageCheck.none());
            }
        }

        void part(Path data, Path part) throws IOException {
            Path from = data.resolve(part).normalize();
            if (!from.startsWith(data) || part.isAbsolute()) {
                throw new IOException("Not a part of the data folder: " + part);
            }
            if (!Files.exists(from)) {
                return;
            }
            StringBuilder above = new StringBuilder("data");
            if (!folders.contains("data")) {
                folder("data");
            }
            Path parent = data.relativize(from).getParent();
            if (parent != null) {
                for (Path step : parent) {
                    above.append('/').append(step);
                    if (!folders.contains(above.toString())) {
                        folder(above.toString());
                    }
                }
            }
            String name = "data/" + data.relativize(from);
            if (Files.isDirectory(from)) {
                folder(name);
                tree(from, name, false);
            } else {
                file(from, name, PageCheck.none());
            }
        }
    }
}
