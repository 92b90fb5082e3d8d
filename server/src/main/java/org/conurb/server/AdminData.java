package org.conurb.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.conurb.audit.AuditVerifier;
import org.conurb.store.Backup;
import org.conurb.store.Database;
import org.conurb.store.EmbeddedSettings;
import org.conurb.store.Restore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The parts of {@code admin} that look after what is on disk. */
final class AdminData {
    /** What a back-up holds beside the database. */
    private static final List<String> PARTS = List.of("keys", "map", "bootstrap.json", "demo-accounts.json");

    private AdminData() {}

    @Command(name = "backup", description = "Backs a site up while it runs", mixinStandardHelpOptions = true)
    static final class BackupCommand implements Callable<Integer> {
        @ParentCommand
        @Nullable
        AdminCommand admin;

        @Parameters(paramLabel = "FOLDER", description = "A new folder, best on another disk")
        Path into = Path.of("backup");

        @Override
        public Integer call() {
            Path data = data(admin);
            refuseExternal();
            List<Path> parts = PARTS.stream().map(Path::of).toList();
            Backup.Receipt receipt = Backup.of(data, Clock.systemUTC()).take(into.toAbsolutePath(), parts, progress());
            System.out.printf(
                    "Backed up %d files, %.1f MB, to %s. Keep it as you keep keys: it holds them.%n",
                    receipt.files(), receipt.bytes() / 1e6, receipt.folder());
            return 0;
        }
    }

    @Command(
            name = "restore",
            description = "Lays a back-up into an empty data folder and checks all of it",
            mixinStandardHelpOptions = true)
    static final class RestoreCommand implements Callable<Integer> {
        @ParentCommand
        @Nullable
        AdminCommand admin;

        @Parameters(paramLabel = "FOLDER", description = "The back-up")
        Path from = Path.of("backup");

        @Override
        public Integer call() {
            Path data = data(admin);
            refuseExternal();
            Restore.Result result = Restore.into(
                    EmbeddedSettings.of(data, 0, Clock.systemUTC(), new SecureRandom()),
                    from.toAbsolutePath(),
                    progress());
            withoutRecordings(data.resolve("media"));
            System.out.printf(
                    "Restored %d files, %.1f MB, as of %s, and read %d rows back. Recordings of cameras are in no back-up:"
                            + " lay your copy of the folder media there first, if there is one. Start it: ./conurb up --data %s%n",
                    result.files(),
                    result.bytes() / 1e6,
                    result.takenAt(),
                    result.rows().values().stream().mapToLong(Long::longValue).sum(),
                    data);
            return 0;
        }

        /** Else the site would ask for the disk that its recordings were on. */
        private static void withoutRecordings(Path media) {
            try {
                Files.createDirectories(media);
                Files.writeString(media.resolve("restored"), "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Command(
            name = "verify-audit",
            description = "Recomputes the whole audit log and compares",
            mixinStandardHelpOptions = true)
    static final class VerifyAudit implements Callable<Integer> {
        @ParentCommand
        @Nullable
        AdminCommand admin;

        @Option(names = "--key", description = "Verifier key, where you keep it yourself (default: the site's own)")
        @Nullable
        String key;

        @Option(names = "--checkpoint", description = "A checkpoint kept from before, which the log must extend")
        @Nullable
        Path checkpoint;

        @Override
        public Integer call() throws IOException {
            Path data = data(admin);
            if (!Files.exists(data.resolve("ports.json"))) {
                throw new StartFailure("No site has run on %s.".formatted(data), "Name its folder with --data.");
            }
            Optional<String> kept = checkpoint == null ? Optional.empty() : Optional.of(Files.readString(checkpoint));
            try (Database database = running(data)) {
                AuditVerifier.Report report = AuditVerifier.verify(
                        database.transactions(),
                        key == null
                                ? Files.readString(data.resolve("keys").resolve("audit.pub"))
                                        .strip()
                                : key,
                        kept);
                report.faults().forEach(System.out::println);
                System.out.printf(
                        "The audit log is %s: %d entries, %d of them signed, %d waiting for their place.%n",
                        report.sound() ? "sound" : "BROKEN", report.size(), report.signed(), report.pending());
                return report.sound() ? 0 : 2;
            }
        }

        /** The site's database; a stopped site's is started for as long as this takes. */
        private static Database running(Path data) throws IOException {
            Optional<ExternalDatabase> external = ExternalDatabase.named();
            if (external.isPresent()) {
                return external.get().open(Clock.systemUTC());
            }
            if (ExternalDatabase.holds(data)) {
                throw new StartFailure(
                        "The site of %s keeps its rows in a PostgreSQL of its own.".formatted(data),
                        "Set CONURB_DATABASE_URL, _USER and _PASSWORD as for the site, and try again.");
            }
            return Database.attach(data, Clock.systemUTC())
                    .orElseGet(() ->
                            Database.embedded(EmbeddedSettings.of(data, 0, Clock.systemUTC(), new SecureRandom())));
        }
    }

    private static void refuseExternal() {
        if (ExternalDatabase.named().isPresent()) {
            throw new StartFailure(
                    "CONURB_DATABASE_URL names a PostgreSQL that others run.",
                    "Use its own tools, as pg_basebackup, and keep the folders keys and map with what they make.");
        }
    }

    private static Path data(@Nullable AdminCommand admin) {
        return (admin == null ? Path.of("data") : admin.data).toAbsolutePath().normalize();
    }

    /** Tells each tenth, on the error stream, so that the answer can be piped. */
    private static Backup.Progress progress() {
        AtomicLong told = new AtomicLong(-1);
        return (done, total) -> {
            long tenth = total == 0 ? 10 : Math.min(10, done * 10 / total);
            if (told.getAndSet(tenth) != tenth) {
                System.err.printf("  %d %%%n", tenth * 10);
            }
        };
    }
}
