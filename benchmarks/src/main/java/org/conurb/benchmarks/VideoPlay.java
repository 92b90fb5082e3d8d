package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.conurb.store.Database;
import org.conurb.store.Transactions;

/**
 * How soon any second of a month of many cameras plays, and how soon a day is told. The month is made up: rows of all
 * cameras' hours, and index files of the cameras that are asked for; a recording that is asked for is a file of zeros.
 */
final class VideoPlay {
    private static final int CAMERAS = 200;
    /** Of these, how many have index files: the others' would only fill the disk, as none is read for another camera. */
    private static final int INDEXED = 5;

    private static final int DAYS = 30;
    /** Of which the last few are left out: they are still being recorded. */
    private static final int HOURS = DAYS * 24 - 6;

    private static final int ASKED = 200;
    private static final Duration FRAGMENT = Duration.ofSeconds(2);
    private static final Duration FILE = Duration.ofSeconds(60);
    private static final int FRAGMENT_BYTES = 375_000;
    private static final int INIT_BYTES = 800;
    private static final int KEY = 1;
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy/MM/dd/HH").withZone(ZoneOffset.UTC);
    private static final Pattern MAP = Pattern.compile("#EXT-X-MAP:URI=\"([^\"]+)\",BYTERANGE=\"(\\d+)@(\\d+)\"");
    private static final Pattern RANGE = Pattern.compile("#EXT-X-BYTERANGE:(\\d+)@(\\d+)\\n(\\S+)");

    private final RunningSite site;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String token;
    private final String grant;
    private final Path media;
    private final Random random = new Random(1);

    private VideoPlay(RunningSite site, Path data) throws IOException, InterruptedException {
        this.site = site;
        this.token = site.token(http);
        this.grant = site.grant(http, token);
        this.media = data.resolve("media");
    }

    static void run(PrintStream progress, Path data, List<Goal> goals) throws IOException, InterruptedException {
        try (RunningSite site = RunningSite.start(data)) {
            new VideoPlay(site, data).run(progress, goals);
        }
    }

    private void run(PrintStream progress, List<Goal> goals) throws IOException, InterruptedException {
        Instant hour = Clock.systemUTC().instant().truncatedTo(ChronoUnit.HOURS);
        Instant start = hour.minus(Duration.ofDays(DAYS)).plus(Duration.ofHours(2)); // what is older is deleted
        Instant end = start.plus(Duration.ofHours(HOURS));
        List<String> cameras = new ArrayList<>();
        for (int i = 0; i < CAMERAS; i++) {
            cameras.add(site.addCamera(http, token, "Month " + i, "whip"));
        }
        Path owner = owner(cameras.getFirst());
        rows(start, owner);
        for (int i = 0; i < INDEXED; i++) {
            for (Instant one = start; one.isBefore(end); one = one.plus(Duration.ofHours(1))) {
                index(owner.resolve(uuid(cameras.get(i))), one);
            }
        }
        progress.printf("bench video: %d days of %d cameras are there%n", DAYS, CAMERAS);
        long[] played = new long[ASKED];
        long[] told = new long[ASKED];
        for (int i = -ASKED; i < ASKED; i++) { // the first are for the compiler
            String camera = cameras.get(random.nextInt(INDEXED));
            Instant at = start.plusSeconds(random.nextLong(HOURS * 3600 - 60));
            file(owner.resolve(uuid(camera)), at);
            long playing = play(camera, at);
            long telling = day(cameras.get(random.nextInt(CAMERAS)), at);
            if (i >= 0) {
                played[i] = playing;
                told[i] = telling;
            }
        }
        Arrays.sort(played);
        Arrays.sort(told);
        progress.printf(
                "bench video: playing starts p50 %.1f ms, p95 %.1f ms, at most %.1f ms; a day p50 %.1f ms, p95 %.1f ms, at most %.1f ms%n",
                Lap.millis(played, 0.5),
                Lap.millis(played, 0.95),
                Lap.millis(played, 1),
                Lap.millis(told, 0.5),
                Lap.millis(told, 0.95),
                Lap.millis(told, 1));
        String of = "any of %d seconds in %d days of %d cameras".formatted(ASKED, DAYS, CAMERAS);
        goals.add(Goal.atMost(
                of + ": list, init segment and first fragment, the slowest", Lap.millis(played, 1), "ms", 300));
        goals.add(Goal.atMost("a day's timeline, p95 of %d".formatted(ASKED), Lap.millis(told, 0.95), "ms", 20));
    }

    /** Folder of the organisation whose cameras they are. */
    private Path owner(String camera) throws IOException, InterruptedException {
        return media.resolve(site.get(http, token, "/api/video/cameras/" + camera)
                .path("organisation")
                .asString());
    }

    private static String uuid(String urn) {
        return urn.substring(urn.lastIndexOf(':') + 1);
    }

    /** An hour of fragments fills its row: 1,800 lines, all of the hour on disk. */
    private void rows(Instant start, Path owner) throws IOException {
        try (Database database =
                Database.attach(site.data(), Clock.systemUTC()).orElseThrow(() -> new IOException("no database"))) {
            Transactions transactions = database.transactions();
            transactions.asSystem(() -> transactions
                    .jdbc()
                    .sql("""
                            insert into video.recording_hour (camera_id, hour_starts_at, organisation_id, records, size_bytes,
                                   covered_millis, minutes, gaps, chain_head, closed_at)
                            select id, hour, organisation_id, 1800, 675000000, 3600000, (1::int8 << 60) - 1, '',
                                   sha256(id::text::bytea), hour + interval '1 hour'
                              from video.camera,
                                   generate_series(:start::timestamptz, :start::timestamptz + :hours * interval '1 hour' - interval '1 hour',
                                                   interval '1 hour') as hour
                             where organisation_id = :owner
                            """)
                    .param("start", start.atOffset(ZoneOffset.UTC))
                    .param("hours", HOURS)
                    .param("owner", String.valueOf(owner.getFileName()))
                    .update());
        }
    }

    /** As the recorder writes it: 32 bytes a fragment. */
    private static void index(Path camera, Instant hour) throws IOException {
        Path folder = Files.createDirectories(camera.resolve(HOUR.format(hour)));
        int fragments = (int) Duration.ofHours(1).dividedBy(FRAGMENT);
        int aFile = (int) FILE.dividedBy(FRAGMENT);
        ByteBuffer lines = ByteBuffer.allocate(fragments * 32);
        for (int i = 0; i < fragments; i++) {
            int at = lines.position();
            long millis = hour.toEpochMilli() + i * FRAGMENT.toMillis();
            lines.putLong(millis * 90).putInt((int) (FRAGMENT.toMillis() * 90));
            lines.putInt(KEY << 24 | i / aFile * (int) FILE.toMillis());
            lines.putInt(INIT_BYTES + i % aFile * FRAGMENT_BYTES)
                    .putInt(FRAGMENT_BYTES)
                    .putInt(INIT_BYTES);
            CRC32C crc = new CRC32C();
            crc.update(lines.slice(at, 28));
            lines.putInt((int) crc.getValue());
        }
        Files.write(folder.resolve("index"), lines.array());
        Files.write(folder.resolve("hashes"), new byte[fragments * 32]);
    }

    private static void file(Path camera, Instant at) throws IOException {
        long begins = at.toEpochMilli() - at.toEpochMilli() % FILE.toMillis();
        Path path = camera.resolve(HOUR.format(at)).resolve(begins + ".mp4");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(INIT_BYTES + FILE.dividedBy(FRAGMENT) * FRAGMENT_BYTES);
        }
    }

    /** What a player asks for until it can show the first picture, one after another. */
    private long play(String camera, Instant at) throws IOException, InterruptedException {
        String door = "/api/video/cameras/" + camera + "/";
        long began = System.nanoTime();
        String list = new String(
                fetch(door + "recording.m3u8?from=%s&to=%s".formatted(at, at.plusSeconds(60)), null),
                java.nio.charset.StandardCharsets.UTF_8);
        Matcher map = MAP.matcher(list);
        Matcher first = RANGE.matcher(list);
        if (!map.find() || !first.find()) {
            throw new IOException("No recording in: " + list);
        }
        fetch(door + map.group(1), range(map.group(2), map.group(3)));
        byte[] fragment = fetch(door + first.group(3), range(first.group(1), first.group(2)));
        if (fragment.length != FRAGMENT_BYTES) {
            throw new IOException("A fragment of %d bytes".formatted(fragment.length));
        }
        return System.nanoTime() - began;
    }

    private static String range(String length, String offset) {
        long from = Long.parseLong(offset);
        return "bytes=%d-%d".formatted(from, from + Long.parseLong(length) - 1);
    }

    private long day(String camera, Instant at) throws IOException, InterruptedException {
        long began = System.nanoTime();
        fetch(
                "/api/video/cameras/%s/timeline?day=%s"
                        .formatted(camera, at.toString().substring(0, 10)),
                null);
        return System.nanoTime() - began;
    }

    private byte[] fetch(String path, @org.jspecify.annotations.Nullable String range)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(site.address().resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Conurb-Purpose", grant);
        if (range != null) {
            request.header("Range", range);
        }
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("%s answered %d: %s".formatted(path, answer.statusCode(), new String(answer.body())));
        }
        return answer.body();
    }
}
