package org.conurb.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * Ends an hour of a camera: adds up its index, writes its row and puts the head of its hash chain into the audit log, in
 * one transaction. Doing it again changes nothing, unless the hour has grown.
 */
final class HourCloser {
    private final Path volume;
    private final Transactions transactions;
    private final RecordingHours hours;
    private final Audit audit;
    private final Clock clock;

    HourCloser(Path volume, Transactions transactions, Audit audit, Clock clock) {
        this.volume = volume;
        this.transactions = transactions;
        this.hours = new RecordingHours(transactions.jdbc());
        this.audit = audit;
        this.clock = clock;
    }

    void close(OrganisationId organisation, CameraId camera, Instant hour) throws IOException {
        CameraFolder folder = CameraFolder.of(volume, organisation, camera);
        RecordedHour summed = sum(folder, organisation, hour);
        if (summed.records() == 0) {
            return;
        }
        transactions.doAsSystem(() -> {
            if (hours.put(summed, clock.instant())) {
                audit.record(entry(summed));
            }
        });
    }

    private static RecordedHour sum(CameraFolder folder, OrganisationId organisation, Instant hour) throws IOException {
        Path path = folder.hour(hour);
        List<IndexRecord> own = HourIndex.read(path);
        List<IndexRecord> both = new ArrayList<>(HourIndex.read(folder.hour(hour.minus(RecordedHour.HOUR))));
        both.addAll(own);
        long bytes = 0;
        for (IndexRecord line : own) {
            bytes += line.length();
        }
        return RecordedHour.of(
                folder.camera(), organisation, hour, both, own.size(), bytes, head(folder.camera(), hour, path, own));
    }

    /** @see HourChain */
    static byte[] head(CameraId camera, Instant hour, Path folder, List<IndexRecord> lines) throws IOException {
        ByteBuffer hashes = HourIndex.bytes(folder.resolve(HourIndex.HASHES));
        HourChain chain = new HourChain(camera, hour);
        for (IndexRecord line : lines) {
            if (hashes.remaining() < HourChain.HASH) {
                throw new IOException("Fewer hashes than index records in " + folder);
            }
            int limit = hashes.limit();
            chain.add(line, hashes.limit(hashes.position() + HourChain.HASH));
            hashes.limit(limit);
        }
        return chain.head();
    }

    private static AuditEntry entry(RecordedHour hour) {
        return AuditEntry.of(
                        Caller.system("recorder", hour.organisation()),
                        "camera.hour.recorded",
                        CameraId.KIND,
                        hour.camera().urn(),
                        hour.organisation())
                .with(Map.of(
                        "hour",
                        hour.start().toString(),
                        "chain",
                        HexFormat.of().formatHex(hour.chainHead()),
                        "records",
                        Integer.toString(hour.records()),
                        "coveredSeconds",
                        Integer.toString(hour.coveredMillis() / 1000)));
    }
}
