package org.conurb.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lays a {@link Backup} into an empty data folder, lets PostgreSQL replay it, and reads every row and every index once,
 * so that what is handed over is known to be whole. It fails as a whole: then the folder is as empty as before.
 */
public final class Restore {
    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);
    private static final Duration STATEMENT = Duration.ofHours(6);

    private Restore() {}

    /**
     * What came back.
     *
     * @param takenAt when the back-up began
     * @param rows how many each table holds, by schema and name
     */
    public record Result(Instant takenAt, long bytes, int files, Map<String, Long> rows) {}

    /**
     * @param settings of the new data folder, which is absent or empty; the cluster is stopped again in the end
     * @throws org.conurb.kernel.ConurbException naming the file, where the back-up is damaged
     */
    public static Result into(EmbeddedSettings settings, Path backup, Backup.Progress progress) {
        Path data = settings.data();
        Path from = backup.toAbsolutePath().normalize();
        try {
            BackupManifest manifest = BackupManifest.read(from);
            if (Files.exists(data) && !Folders.isEmpty(data)) {
                throw new StoreFault(
                        "restore-not-empty",
                        "%s is not empty.".formatted(data),
                        "Restore into a new folder and start the server with --data on it.");
            }
            try {
                lay(settings, from, manifest, progress);
                Map<String, Long> rows = verify(settings);
                LOG.atInfo()
                        .addKeyValue("data", data)
                        .addKeyValue("tables", rows.size())
                        .log("backup.restored");
                return new Result(
                        manifest.startedAt(), manifest.bytes(), manifest.files().size(), rows);
            } catch (IOException | SQLException | RuntimeException e) {
                clear(data);
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw new StoreFault(
                    "restore-failed",
                    "The back-up %s could not be restored into %s: %s".formatted(from, data, e.getMessage()),
                    "See that there is room on the disk, and try another back-up.",
                    e);
        }
    }

    private static void lay(EmbeddedSettings settings, Path from, BackupManifest manifest, Backup.Progress progress)
            throws IOException {
        Files.createDirectories(settings.data());
        Cluster cluster = Cluster.of(settings);
        String major = manifest.postgres().replaceFirst("\\..*", "");
        if (!major.equals(Safety.MAJOR)) {
            throw new StoreFault(
                    "restore-version",
                    "The back-up was written by PostgreSQL %s; this program brings %s."
                            .formatted(manifest.postgres(), Safety.MAJOR),
                    "Restore it with the version of Conurb that wrote it.");
        }
        Path unfinished = cluster.home().resolve("cluster.new");
        Folders.delete(unfinished);
        Files.createDirectory(unfinished);
        for (String folder : manifest.folders()) {
            Path to = place(folder, unfinished, settings.data());
            Files.createDirectories(to);
            if (!to.equals(settings.data())) {
                Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
            }
            if (to.startsWith(unfinished)) {
                cluster.user().own(to);
            }
        }
        long total = manifest.bytes();
        long laid = 0;
        for (BackupManifest.Entry entry : manifest.files()) {
            Path to = place(entry.path(), unfinished, settings.data());
            BackupManifest.Entry copied;
            try {
                copied = Folders.copy(from.resolve(entry.path()), to, entry.path(), PageCheck.none());
            } catch (NoSuchFileException missing) {
                throw BackupManifest.damaged(from, entry.path() + " is missing");
            }
            if (!copied.equals(entry)) {
                throw BackupManifest.damaged(from, entry.path() + " is not what was written then");
            }
            if (to.startsWith(unfinished)) {
                cluster.user().own(to);
            }
            laid += entry.bytes();
            progress.copied(laid, total);
        }
        Folders.forceTree(unfinished);
        Folders.forceTree(settings.data());
        Files.move(unfinished, cluster.folder(), StandardCopyOption.ATOMIC_MOVE);
        Folders.force(cluster.home());
    }

    private static Path place(String name, Path cluster, Path data) {
        if (name.equals("cluster")) {
            return cluster;
        }
        if (name.startsWith("cluster/")) {
            return cluster.resolve(name.substring("cluster/".length()));
        }
        return name.equals("data") ? data : data.resolve(name.substring("data/".length()));
    }

    /** Replays, then reads everything: page checksums are checked on the way, and indexes against their tables. */
    private static Map<String, Long> verify(EmbeddedSettings settings) throws SQLException {
        try (Database database = Database.embedded(settings)) {
            Login superuser = database.superuser().orElseThrow().to(Roles.DATABASE);
            Map<String, Long> rows = new LinkedHashMap<>();
            try (Connection connection = superuser.connect(STATEMENT);
                    Statement statement = connection.createStatement()) {
                try (ResultSet tables = statement.executeQuery("""
                        select format('%I.%I', n.nspname, c.relname)
                          from pg_class c join pg_namespace n on n.oid = c.relnamespace
                         where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
                         order by 1
                        """)) {
                    while (tables.next()) {
                        rows.put(tables.getString(1), 0L);
                    }
                }
                for (String table : rows.keySet()) {
                    try (ResultSet count = statement.executeQuery("select count(*) from " + table)) {
                        count.next();
                        rows.put(table, count.getLong(1));
                    }
                }
                statement.execute("create extension if not exists amcheck with schema pg_catalog");
                statement.execute("""
                        select bt_index_check(c.oid, i.indisunique)
                          from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
                         where a.amname = 'btree' and c.relkind = 'i' and i.indisvalid and c.relpersistence = 'p'
                        """);
                statement.execute("drop extension amcheck");
            }
            return rows;
        }
    }

    private static void clear(Path data) {
        try {
            Path cluster = Cluster.folderOf(data);
            Folders.delete(cluster);
            Folders.delete(cluster.resolveSibling("cluster.new"));
            if (!cluster.startsWith(data)) {
                Folders.delete(cluster.resolve("..").normalize()); // made for this folder, elsewhere
            }
            if (Files.exists(data)) {
                try (var left = Files.newDirectoryStream(data)) {
                    for (Path each : left) {
                        Folders.delete(each);
                    }
                }
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("data", data).log("restore.leftover");
        }
    }
}
