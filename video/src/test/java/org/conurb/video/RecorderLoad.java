package org.conurb.video;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures recording by hand: folder, seconds, addresses of cameras. Prints CPU ms per camera-second and lost packets. */
final class RecorderLoad {
    private RecorderLoad() {}

    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[1]);
        int cameras = Integer.parseInt(arguments[2]);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Studio studio = new Studio(
                Path.of(arguments[0]),
                java.time.Clock.systemUTC(),
                (host, address, port) -> true,
                usual(Path.of(arguments[0])))) {
            List<CameraSource> sources = new ArrayList<>();
            long empty = resident();
            for (int i = 0; i < cameras; i++) {
                sources.add(Studio.source(URI.create(arguments[3])));
            }
            studio.streams.want(sources);
            Studio.pass(Duration.ofSeconds(20));
            long cpu = system.getProcessCpuTime();
            long bytes = bytes(studio);
            Studio.pass(Duration.ofSeconds(seconds));
            double spent = (system.getProcessCpuTime() - cpu) / 1e6;
            long lost = sources.stream()
                    .mapToLong(s -> studio.status(s).lostPackets())
                    .sum();
            long recording = sources.stream()
                    .filter(s -> studio.status(s).state() == CameraStatus.State.RECORDING)
                    .count();
            System.out.printf(
                    "cameras %d recording %d CPU %.2f ms/camera-second, %.2f Mbit/s each, lost packets %d, resident %d -> %d MB%n",
                    cameras,
                    recording,
                    spent / seconds / cameras,
                    (bytes(studio) - bytes) * 8.0 / 1e6 / seconds / cameras,
                    lost,
                    empty >> 20,
                    resident() >> 20);
            long gaps = sources.stream().mapToLong(s -> studio.gaps(s).size()).sum();
            System.out.println("gaps " + gaps);
        }
    }

    /** As the defaults are. */
    private static RecordingSettings usual(Path folder) {
        RecordingSettings quick = Studio.settings(folder);
        return new RecordingSettings(
                folder,
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                quick.retention(),
                quick.retentionLeast(),
                quick.freeLow(),
                quick.freeTarget(),
                quick.reserve(),
                quick.mostBytes(),
                quick.ring(),
                1,
                2,
                Duration.ofMillis(20));
    }

    private static long bytes(Studio studio) {
        return studio.streams.recorded().stream()
                .mapToLong(one -> one.written().bytes())
                .sum();
    }

    private static long resident() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }
}
