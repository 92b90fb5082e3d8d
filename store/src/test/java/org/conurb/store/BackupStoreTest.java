package org.conurb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BackupStoreTest {
    private static final Sandbox CITY = new Sandbox();
    private static Database database;
    private static Transactions store;

    private final Sandbox sandbox = new Sandbox();

    @BeforeAll
    static void start() {
        database = CITY.start("city");
        store = database.transactions();
    }

    @AfterAll
    static void stop() {
        database.close();
        CITY.close();
    }

    @AfterEach
    void clean() {
        sandbox.close();
    }

    @Test
    void whatWasAcknowledgedBeforeComesBackAlthoughWritingGoesOn() throws Exception {
        Files.writeString(CITY.folder("city").resolve("keys/signing.key"), "secret");
        List<String> before;
        List<String> all;
        Backup.Receipt receipt;
        AtomicInteger steps = new AtomicInteger();
        try (Writers writers = new Writers(store, 4)) {
            assertThat(Sandbox.within(Duration.ofSeconds(20), () -> writers.count() > 500))
                    .isTrue();
            before = writers.soFar();
            receipt = Backup.of(CITY.folder("city"), Sandbox.CLOCK)
                    .take(sandbox.folder("backups"), List.of(Path.of("keys"), Path.of("absent")), (done, total) -> {
                        assertThat(done).isLessThanOrEqualTo(total);
                        steps.incrementAndGet();
                    });
            int during = writers.count();
            assertThat(Sandbox.within(Duration.ofSeconds(20), () -> writers.count() > during + 100))
                    .isTrue();
            writers.close();
            writers.assertHonest();
            all = writers.soFar();
        }
        assertThat(steps.get()).isGreaterThan(100);
        assertThat(Backup.last(CITY.folder("city"))).contains(receipt);
        assertThat(all).hasSizeGreaterThan(before.size());

        EmbeddedSettings elsewhere = sandbox.settings("another machine");
        Restore.Result restored = Restore.into(elsewhere, Path.of(receipt.folder()), (done, total) -> {});

        assertThat(restored.rows()).containsKeys("store.once", "trial.thing", "store.migration");
        assertThat(restored.takenAt()).isEqualTo(receipt.startedAt());
        assertThat(sandbox.folder("another machine").resolve("keys/signing.key"))
                .hasContent("secret");
        try (Database again = Sandbox.started(elsewhere)) {
            List<String> found = Sandbox.notes(again.transactions());
            assertThat(found).doesNotHaveDuplicates().containsAll(before);
            assertThat(restored.rows().get("trial.thing")).isEqualTo(found.size());
            assertThat(Sandbox.notes(store)).containsAll(found);
        }
    }

    @Test
    void aQuietDatabaseComesBackEqual() throws Exception {
        store.doAsSystem(() -> store.jdbc().sql("""
                insert into trial.thing (organisation_id, kind, cell, at, note)
                    select 'fire', 'Unit', n, now(), md5(n::text) from generate_series(1, 5000) n
                """).update());
        Backup.Receipt receipt = backup();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(receipt.folder()))))
                .isEqualTo("rwx------");

        EmbeddedSettings other = sandbox.settings("other");
        Restore.into(other, Path.of(receipt.folder()), (done, total) -> {});
        try (Database again = Sandbox.started(other)) {
            assertThat(digest(again.transactions())).isEqualTo(digest(store));
        }
    }

    @Test
    void aBackUpWithoutKeysGetsNewPasswords() {
        Backup.Receipt receipt =
                Backup.of(CITY.folder("city"), Sandbox.CLOCK).take(sandbox.folder("backups"), List.of(), (d, t) -> {});
        EmbeddedSettings other = sandbox.settings("other");
        assertThat(Restore.into(other, Path.of(receipt.folder()), (done, total) -> {})
                        .rows())
                .containsKey("trial.thing");
    }

    @Test
    void aSingleChangedBitIsNamedAndNothingIsKept() throws Exception {
        Path backup = Path.of(backup().folder());
        Path victim = backup.resolve("cluster/global/pg_control");
        byte[] content = Files.readAllBytes(victim);
        content[100] ^= 4;
        Files.write(victim, content);

        assertThatThrownBy(() -> Restore.into(sandbox.settings("other"), backup, (done, total) -> {}))
                .isInstanceOf(StoreFault.class)
                .hasMessageContaining("cluster/global/pg_control is not what was written");
        assertThat(Folders.isEmpty(sandbox.folder("other"))).isTrue();
    }

    @Test
    void aMissingFileAndAChangedManifestAreNoticed() throws Exception {
        Path backup = Path.of(backup().folder());
        Files.delete(backup.resolve("cluster/PG_VERSION"));
        assertThatThrownBy(() -> Restore.into(sandbox.settings("other"), backup, (done, total) -> {}))
                .hasMessageContaining("cluster/PG_VERSION is missing");

        Path manifest = backup.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("cluster/PG_VERSION", "../../etc/passwd"));
        assertThatThrownBy(() -> Restore.into(sandbox.settings("other"), backup, (done, total) -> {}))
                .hasMessageContaining("manifest.json was changed");

        Folders.writeSecret(
                backup.resolve("manifest.sha256"),
                Folders.sha256(Files.readAllBytes(manifest)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Restore.into(sandbox.settings("other"), backup, (done, total) -> {}))
                .hasMessageContaining("outside itself: ../../etc/passwd");
    }

    @Test
    void onlyAnEmptyFolderReceives() {
        Path backup = Path.of(backup().folder());
        assertThatThrownBy(() -> Restore.into(CITY.settings("city"), backup, (done, total) -> {}))
                .hasMessageContaining("is not empty");
        assertThat(database.usedBytes()).isPositive();
    }

    @Test
    void aFolderWithoutAServerIsToldSo() {
        assertThatThrownBy(() -> Backup.of(sandbox.folder("nothing"), Sandbox.CLOCK)
                        .take(sandbox.folder("backups"), List.of(), (d, t) -> {}))
                .hasMessageContaining("does not run");
        assertThat(Backup.last(sandbox.folder("nothing"))).isEmpty();
    }

    @Test
    void twoAtOnceAreNotTaken() {
        AtomicLong once = new AtomicLong();
        Backup backup = Backup.of(CITY.folder("city"), Sandbox.CLOCK);
        backup.take(sandbox.folder("backups"), List.of(), (done, total) -> {
            if (once.getAndIncrement() == 0) {
                assertThatThrownBy(() -> backup.take(sandbox.folder("backups"), List.of(), (d, t) -> {}))
                        .isInstanceOf(StoreFault.class)
                        .hasMessageContaining("conurb_backup");
            }
        });
        try (var left = Files.list(sandbox.folder("backups"))) {
            assertThat(left).hasSize(1);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aDamagedPageIsNamedAndNoBackUpIsMadeOfIt() throws Exception {
        String file;
        try (Connection connection =
                        database.superuser().orElseThrow().to("conurb").connect(Duration.ofSeconds(30));
                Statement statement = connection.createStatement()) {
            statement.execute("create table damaged as select generate_series(1, 5000) as n");
            try (ResultSet row = statement.executeQuery("select pg_relation_filepath('damaged')")) {
                row.next();
                file = row.getString(1);
            }
            statement.execute("checkpoint");
            try (FileChannel channel = FileChannel.open(
                    database.cluster().orElseThrow().resolve(file),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bit = ByteBuffer.allocate(1);
                channel.read(bit, 3 * 8192 + 5000);
                channel.write(ByteBuffer.wrap(new byte[] {(byte) (bit.get(0) ^ 8)}), 3 * 8192 + 5000);
            }
            assertThatThrownBy(this::backup)
                    .isInstanceOf(StoreFault.class)
                    .hasMessageContaining("Page 3 of %s is damaged".formatted(file));
            assertThat(Folders.isEmpty(sandbox.folder("backups"))).isTrue();
            statement.execute("drop table damaged");
        }
    }

    private Backup.Receipt backup() {
        return Backup.of(CITY.folder("city"), Sandbox.CLOCK)
                .take(sandbox.folder("backups"), List.of(Path.of("keys")), (done, total) -> {});
    }

    private static String digest(Transactions of) {
        return of.asSystem(() -> of.jdbc()
                .sql("select md5(string_agg(t::text, ',' order by id)) from trial.thing t")
                .query(String.class)
                .single());
    }
}
