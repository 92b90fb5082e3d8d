package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.conurb.kernel.OrganisationId;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.unit.DataSize;

/** A recorder with real threads, sockets and files, and short times. */
final class Studio implements AutoCloseable {
    static final OrganisationId POLICE = new OrganisationId("police");

    final Path folder;
    final CameraFiles.Gate gate = new CameraFiles.Gate();
    final List<CameraFiles.EndedHour> ended = new CopyOnWriteArrayList<>();
    final Clock clock;
    final CameraFiles.Disk disk;
    final CameraStreams streams;

    Studio(Path folder) {
        this(folder, Clock.systemUTC(), (host, address, port) -> address.isLoopbackAddress());
    }

    Studio(Path folder, Clock clock, CameraAddresses addresses) {
        this(folder, clock, addresses, settings(folder));
    }

    Studio(Path folder, Clock clock, CameraAddresses addresses, RecordingSettings settings) {
        this(folder, clock, addresses, settings, Force.TO_DISK);
    }

    Studio(Path folder, Clock clock, CameraAddresses addresses, RecordingSettings settings, Force force) {
        this.folder = folder;
        this.clock = clock;
        this.disk =
                new CameraFiles.Disk(folder, new WallClock(clock, System::nanoTime), settings, gate, force, ended::add);
        this.streams = new CameraStreams(disk.settings(), disk, addresses, InetAddress::getAllByName, new Random(1));
    }

    static RecordingSettings settings(Path folder) {
        return settings(folder, 1);
    }

    static RecordingSettings settings(Path folder, int loops) {
        return new RecordingSettings(
                folder,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofDays(30),
                Duration.ofDays(7),
                5,
                10,
                DataSize.ofMegabytes(1),
                DataSize.ofBytes(0),
                DataSize.ofMegabytes(1),
                loops,
                1,
                Duration.ofMillis(10));
    }

    static CameraSource source(URI address) {
        return source(address, CameraSource.Transport.AUTO, Optional.empty());
    }

    static CameraSource source(URI address, CameraSource.Transport transport, Optional<CameraLogin> login) {
        return new CameraSource(
                new CameraId(UUID.randomUUID()),
                POLICE,
                Optional.of(address),
                Optional.empty(),
                login,
                Optional.empty(),
                transport,
                true);
    }

    /** Reached over TLS; the camera shows this certificate and no other. */
    static CameraSource certified(URI address, CertificatePin certificate) {
        CameraSource plain = source(address);
        return new CameraSource(
                plain.id(),
                plain.organisation(),
                plain.main(),
                plain.sub(),
                plain.login(),
                Optional.of(certificate),
                plain.transport(),
                plain.record());
    }

    CameraSource wanted(FakeCamera camera) {
        CameraSource source = source(camera.address());
        streams.want(source);
        return source;
    }

    CameraStatus status(CameraSource source) {
        return streams.status(source.id());
    }

    long fragments(CameraSource source) {
        return streams.recorded().stream()
                .filter(one -> one.source().equals(source))
                .mapToLong(one -> one.written().fragments())
                .sum();
    }

    void untilFragments(CameraSource source, long more) {
        long before = fragments(source);
        until(Duration.ofSeconds(20), () -> fragments(source) >= before + more);
    }

    static void until(Duration bound, BooleanSupplier condition) {
        long end = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited %s", bound).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        until(time.plusSeconds(5), () -> System.nanoTime() > end);
    }

    /** All lines of all hours of a camera, in the order of writing. */
    List<IndexRecord> lines(CameraSource source) {
        try {
            CameraFolder camera = CameraFolder.of(folder, source.organisation(), source.id());
            List<IndexRecord> all = new CopyOnWriteArrayList<>();
            for (Instant hour : camera.hours()) {
                all.addAll(HourIndex.read(camera.hour(hour)));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<GapReason> gaps(CameraSource source) {
        return lines(source).stream()
                .filter(IndexRecord::isGap)
                .map(line -> GapReason.of((int) line.offset()))
                .toList();
    }

    List<Path> files(CameraSource source) {
        try (Stream<Path> tree = Files.walk(
                CameraFolder.of(folder, source.organisation(), source.id()).path())) {
            return tree.filter(path -> path.toString().endsWith(".mp4"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Frames of the first video track in all files, as ffprobe counts them by decoding. */
    int frames(CameraSource source) {
        int frames = 0;
        for (Path file : files(source)) {
            frames += Integer.parseInt(run(
                            "ffprobe",
                            "-v",
                            "error",
                            "-count_frames",
                            "-select_streams",
                            "v:0",
                            "-show_entries",
                            "stream=nb_read_frames",
                            "-of",
                            "csv=p=0",
                            file.toString())
                    .strip()
                    .replace(",", ""));
        }
        return frames;
    }

    record Packet(long pts, long dts) {}

    /** Of the first video track, as ffprobe reads them. */
    static List<Packet> packets(Path file) {
        String shown = run(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "packet=pts,dts",
                "-select_streams",
                "v:0",
                "-of",
                "csv=p=0",
                file.toString());
        return shown.lines()
                .map(line -> line.split(","))
                .map(parts -> new Packet(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
                .toList();
    }

    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void needs(String tool) {
        boolean there =
                Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
        Assumptions.assumeTrue(there, tool + " is not installed");
    }

    private static List<List<byte[]>> clip = List.of();

    /** A moving test picture of 4 s at 25 frames a second, a key frame each second, access units delimited. */
    static synchronized List<List<byte[]>> clip() {
        needs("ffmpeg");
        if (clip.isEmpty()) {
            try {
                Path file = Files.createTempFile("conurb-clip", ".h264");
                run(
                        "ffmpeg",
                        "-y",
                        "-v",
                        "error",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=640x360:rate=25",
                        "-t",
                        "4",
                        "-c:v",
                        "libx264",
                        "-profile:v",
                        "main",
                        "-g",
                        "25",
                        "-bf",
                        "0",
                        "-b:v",
                        "1500k",
                        "-x264-params",
                        "aud=1:repeat-headers=1:scenecut=0",
                        "-f",
                        "h264",
                        file.toString());
                clip = FakeCamera.units(Files.readAllBytes(file));
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return clip;
    }

    @Override
    public void close() {
        streams.close();
    }
}
