package org.conurb.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded cluster on disk: where it lies, how it is made, how it is set. The postmaster is {@link Postmaster}.
 *
 * @param data the data folder
 * @param home holds the cluster, the binaries and, where the data folder cannot be entered by {@code user}, the log
 */
record Cluster(Path data, Path home, Path log, ServerUser user, Binaries binaries, PoolSettings pools) {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final Path ELSEWHERE = Path.of("/var/lib/conurb");
    private static final Duration INITDB = Duration.ofSeconds(60);

    /** Finds the cluster of a data folder or the place for it, and unpacks the binaries. */
    static Cluster of(EmbeddedSettings settings) {
        ServerUser user = ServerUser.find();
        Path data = settings.data();
        try {
            Path home = home(data, user, settings);
            Path log = home.startsWith(data) ? data.resolve("log") : home.resolve("log");
            Files.createDirectories(log.resolve("postgres"));
            user.own(log.resolve("postgres"));
            Path binaries = settings.binaries().orElse(home);
            Files.createDirectories(binaries);
            return new Cluster(data, home, log, user, Binaries.in(binaries), settings.pools());
        } catch (IOException e) {
            throw new StoreFault(
                    "data-folder",
                    "The data folder %s cannot be prepared: %s.".formatted(data, e.getMessage()),
                    "Make it writable for this user, or choose another by --data.",
                    e);
        }
    }

    /** The folder of the cluster of a data folder that has one, without changing anything. */
    static Path folderOf(Path data) throws IOException {
        Path location = data.resolve("postgres").resolve("location");
        Path home = Files.exists(location) ? Path.of(Files.readString(location).strip()) : data.resolve("postgres");
        return home.resolve("cluster");
    }

    /** {@code postgres/location} names the home when it is not {@code postgres/} itself. */
    private static Path home(Path data, ServerUser user, EmbeddedSettings settings) throws IOException {
        Path near = data.resolve("postgres");
        Path location = near.resolve("location");
        Files.createDirectories(near);
        if (Files.exists(location)) {
            return Path.of(Files.readString(location).strip());
        }
        if (user.canEnter(near)) {
            return near;
        }
        if (Files.exists(near.resolve("cluster"))) {
            throw new StoreFault(
                    "postgres-folder",
                    "User %d, as whom PostgreSQL runs, can no longer enter %s.".formatted(user.uid(), near),
                    "Give others the right to pass through the folders above it (chmod o+x).");
        }
        Path far = ELSEWHERE.resolve("%016x".formatted(settings.random().nextLong()));
        Files.createDirectories(far);
        Files.writeString(location, far.toString());
        LOG.atInfo().addKeyValue("cluster", far).addKeyValue("data", data).log("postgres.elsewhere");
        return far;
    }

    Path folder() {
        return home.resolve("cluster");
    }

    boolean exists() {
        return Files.exists(folder().resolve("PG_VERSION"));
    }

    /** Makes a cluster with checksums, SCRAM and one collation on all machines; it is there whole or not at all. */
    void create(String superuserPassword) throws IOException {
        Path unfinished = home.resolve("cluster.new");
        Folders.delete(unfinished);
        Files.createDirectory(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.own(unfinished);
        Path secret = home.resolve("password.new");
        Folders.writeSecret(secret, superuserPassword.getBytes(StandardCharsets.UTF_8));
        user.own(secret);
        try {
            Command.Result made = user.run(
                    unfinished,
                    INITDB,
                    "",
                    List.of(
                            binaries.program("initdb").toString(),
                            "--pgdata=" + unfinished,
                            "--username=" + Passwords.SUPERUSER,
                            "--pwfile=" + secret,
                            "--auth=scram-sha-256",
                            "--data-checksums",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--no-instructions"));
            if (!made.succeeded()) {
                throw new StoreFault(
                        "postgres-initdb",
                        "PostgreSQL's cluster could not be made in %s: %s.".formatted(home, made.output()),
                        "Free disk space there, and see that user %d may run programs from %s."
                                .formatted(user.uid(), binaries.folder()));
            }
        } finally {
            Files.deleteIfExists(secret);
        }
        Files.move(unfinished, folder(), StandardCopyOption.ATOMIC_MOVE);
        Folders.force(home);
    }

    /** Gives the superuser a new password while no postmaster runs; for a cluster whose passwords are lost. */
    void resetPassword(String password) {
        Command.Result set = user.run(
                folder(),
                Duration.ofMinutes(10),
                "alter role %s password '%s'\n".formatted(Passwords.SUPERUSER, password),
                List.of(binaries.program("postgres").toString(), "--single", "-D", folder().toString(), "postgres"));
        if (!set.succeeded() || set.output().contains("ERROR")) {
            throw new StoreFault(
                    "postgres-password",
                    "The superuser's password could not be set anew: " + set.output(),
                    "Restore keys/database.json from a back-up.");
        }
    }

    /** Writes our settings over whatever is there. */
    void configure() throws IOException {
        write("postgresql.conf", settings());
        write("pg_hba.conf", """
                # Written by Conurb at each start; changes are lost.
                host all all 127.0.0.1/32 scram-sha-256
                """);
        write("pg_ident.conf", "");
    }

    /** Changes whenever a running postmaster would have to be started anew to be what we want. */
    String fingerprint() {
        return Folders.sha256((settings() + binaries.folder()).getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder().resolve(name);
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Folders.writeSecret(file, text.getBytes(StandardCharsets.UTF_8));
        user.own(file);
    }

    /** The port is given on the command line: it may change while the rest stays. */
    private String settings() {
        return """
                # Written by Conurb at each start; changes are lost.
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                max_connections = %d
                superuser_reserved_connections = 5
                password_encryption = 'scram-sha-256'
                allow_alter_system = off
                cluster_name = 'conurb'

                # What was acknowledged is on disk
                fsync = on
                synchronous_commit = on
                full_page_writes = on
                wal_sync_method = %s
                wal_level = replica
                max_wal_senders = 4
                max_replication_slots = 4
                max_slot_wal_keep_size = 8GB
                max_wal_size = 1GB
                checkpoint_timeout = 5min

                # One machine shared with the server
                shared_buffers = 128MB
                work_mem = 8MB
                maintenance_work_mem = 64MB
                effective_cache_size = 1GB
                temp_file_limit = 4GB
                random_page_cost = 1.1
                max_parallel_workers_per_gather = 0
                max_worker_processes = 4
                autovacuum_naptime = 15s        # a table that grows fast is soon known to the planner
                io_workers = 2
                huge_pages = off
                jit = off

                # The same on every machine
                timezone = 'UTC'
                datestyle = 'ISO'
                lc_messages = 'C'
                default_text_search_config = 'pg_catalog.simple'

                logging_collector = on
                log_directory = '%s'
                log_filename = 'postgres-%%Y%%m%%d-%%H%%M%%S.log'
                log_rotation_age = 1d
                log_rotation_size = 10MB
                log_timezone = 'UTC'
                log_line_prefix = '%%m [%%p] %%u '
                log_min_duration_statement = 2s
                log_parameter_max_length = 0
                log_parameter_max_length_on_error = 0
                """.formatted(
                        pools.serverMax(),
                        System.getProperty("os.name", "").startsWith("Mac") ? "fsync_writethrough" : "fdatasync",
                        log.resolve("postgres").toString().replace("'", "''"));
    }
}
