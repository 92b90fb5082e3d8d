package org.conurb.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Ids;
import org.conurb.store.Transactions;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires recording. Needs {@link CameraAddresses} and {@link Cameras} of the doors. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RecordingSettings.class)
public class RecordingConfiguration {
    @Bean
    MediaVolume mediaVolume(RecordingSettings settings, Transactions transactions, Ids ids, Clock clock) {
        try {
            return Recorder.volume(settings.folder(), transactions, ids.next(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Bean
    BlockingQueue<CameraFiles.EndedHour> endedHours() {
        return Recorder.queue();
    }

    @Bean
    CameraFiles.Disk recordingDisk(
            MediaVolume volume,
            RecordingSettings settings,
            Clock clock,
            BlockingQueue<CameraFiles.EndedHour> endedHours) {
        return new CameraFiles.Disk(
                volume.folder(),
                new WallClock(clock, System::nanoTime),
                settings,
                new CameraFiles.Gate(),
                Force.TO_DISK,
                hour -> offer(endedHours, hour));
    }

    /** What does not fit is closed by the adoption of the next start. */
    private static void offer(BlockingQueue<CameraFiles.EndedHour> hours, CameraFiles.EndedHour hour) {
        if (!hours.offer(hour)) {
            LoggerFactory.getLogger(Recorder.class)
                    .atError()
                    .addKeyValue("hour", hour.hour())
                    .log("video.hour.dropped");
        }
    }

    @Bean(destroyMethod = "") // the recorder closes it
    CameraStreams cameraStreams(RecordingSettings settings, CameraFiles.Disk disk, CameraAddresses addresses) {
        return new CameraStreams(settings, disk, addresses, InetAddress::getAllByName, new SecureRandom());
    }

    @Bean
    Recordings recordings(MediaVolume volume, Transactions transactions, Ids ids, Clock clock) {
        return new Recordings(volume.folder(), transactions, ids, clock);
    }

    @Bean
    Reconciler reconciler(
            CameraStreams streams,
            CameraFiles.Disk disk,
            MediaVolume volume,
            RecordingSettings settings,
            Transactions transactions,
            Audit audit,
            Clock clock,
            List<RecordingListener> listeners) {
        Retention retention = new Retention(settings, volume.folder(), volume::space, transactions, audit, clock);
        return new Reconciler(streams, retention, disk.gate(), disk.wall(), clock, listeners);
    }

    @Bean
    Recorder recorder(
            CameraStreams streams,
            Reconciler reconciler,
            MediaVolume volume,
            Transactions transactions,
            Audit audit,
            Clock clock,
            BlockingQueue<CameraFiles.EndedHour> endedHours,
            Cameras cameras) {
        HourCloser closer = new HourCloser(volume.folder(), transactions, audit, clock);
        return new Recorder(
                streams, reconciler, closer, transactions, volume.folder(), clock, endedHours, () -> cameras.start());
    }
}
