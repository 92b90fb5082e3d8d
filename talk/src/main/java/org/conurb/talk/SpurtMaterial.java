package org.conurb.talk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.conurb.audit.EvidenceBundle;
import org.conurb.audit.EvidenceExport;
import org.conurb.audit.EvidenceRoom;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.EvidenceManifest.Missing;
import org.conurb.kernel.EvidenceManifest.Recording;
import org.conurb.kernel.HashChain;

/**
 * A group's spurts on their way into a bundle: of each the file as it was sealed, which the chain proves, and beside it the
 * same as Ogg Opus to listen to, which is made from it.
 */
record SpurtMaterial(
        EvidenceExport.Part part, TalkFolder folder, List<SpurtEvidence.HourPart> hours, List<Spurt> goingOn)
        implements EvidenceRoom.Material {
    static final String ORIGINAL = "application/x-rtpdump";

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Override
    public long bytes() {
        return hours.stream()
                .flatMap(hour -> hour.taken().stream())
                .mapToLong(
                        kept -> 2 * kept.spurt().audio().map(Spurt.Audio::bytes).orElse(0L))
                .sum();
    }

    @Override
    public EvidenceManifest.Part write(EvidenceBundle bundle, String into, EvidenceRoom.Progress progress)
            throws IOException {
        List<Recording> files = new ArrayList<>();
        List<Missing> gaps = new ArrayList<>();
        List<EvidenceManifest.Chain> chains = new ArrayList<>();
        for (SpurtEvidence.HourPart hour : hours) {
            if (!hour.holds()) {
                throw new IOException("The spurts of %s at %s do not lead to the head that was recorded"
                        .formatted(part.name(), hour.hour()));
            }
            for (SpurtStore.Sealed sealed : hour.taken()) {
                Spurt spurt = sealed.spurt();
                if (spurt.audio().isPresent()) {
                    files.addAll(files(bundle, into, spurt));
                    progress.wrote(2 * spurt.audio().get().bytes());
                }
                missing(spurt, gaps);
            }
            chains.add(chain(hour));
        }
        goingOn.forEach(spurt -> gaps.add(new Missing(spurt.facts().began(), part.to(), "goes-on")));
        return new EvidenceManifest.Part(
                part.source(), part.name(), part.organisation(), part.from(), part.to(), files, gaps, chains);
    }

    private List<Recording> files(EvidenceBundle bundle, String into, Spurt spurt) throws IOException {
        Instant from = spurt.facts().began();
        Instant to = spurt.ended().orElse(from);
        byte[] bytes = original(spurt);
        String name = "%s/%s-%s"
                .formatted(into, NAME.format(from), spurt.id().toString().substring(24));
        List<Recording> files = new ArrayList<>();
        EvidenceBundle.File original = bundle.begin(name + TalkFolder.ENDING, ORIGINAL, from);
        original.piece(bytes, bytes.length, SpurtChain.hash(spurt));
        files.add(original.end(to));
        VoiceTimeline voice = VoiceTimeline.of(SpurtReader.of(ByteBuffer.wrap(bytes)));
        if (voice.count() > 0) {
            ByteArrayOutputStream ogg = new ByteArrayOutputStream();
            OggOpus.write(voice, spurt.facts(), ogg);
            EvidenceBundle.File heard = bundle.begin(name + ".ogg", OggOpus.MEDIA_TYPE, from);
            heard.head(ogg.toByteArray(), ogg.size());
            files.add(heard.end(to));
        }
        return files;
    }

    private byte[] original(Spurt spurt) throws IOException {
        Path path = folder.file(spurt.facts().began(), spurt.id());
        try {
            byte[] bytes = Files.readAllBytes(path);
            if (!Arrays.equals(HashChain.sha256().digest(bytes), SpurtChain.hash(spurt))) {
                throw new IOException("What %s holds is not what was recorded".formatted(path.getFileName()));
            }
            return bytes;
        } catch (NoSuchFileException gone) {
            throw new IOException("%s is missing".formatted(path.getFileName()), gone);
        }
    }

    private static void missing(Spurt spurt, List<Missing> gaps) {
        Instant from = spurt.facts().began();
        Instant to = spurt.ended().orElse(from);
        if (!spurt.facts().recorded()) {
            gaps.add(new Missing(from, to, "not-recorded"));
        }
        spurt.fault().ifPresent(fault -> gaps.add(new Missing(from, to, SpurtStore.code(fault))));
        if (spurt.audio().map(Spurt.Audio::lost).orElse(0) > 0) {
            gaps.add(new Missing(from, to, "packets-lost"));
        }
    }

    private static EvidenceManifest.Chain chain(SpurtEvidence.HourPart hour) {
        HexFormat hex = HexFormat.of();
        SpurtHours.Known known = hour.known().orElseThrow();
        return new EvidenceManifest.Chain(
                hour.hour(),
                hex.formatHex(hour.before()),
                hour.chain().subList(hour.first(), hour.chain().size()).stream()
                        .map(kept -> new EvidenceManifest.Link(
                                hex.formatHex(SpurtChain.header(kept.spurt())),
                                hex.formatHex(SpurtChain.hash(kept.spurt()))))
                        .toList(),
                hex.formatHex(known.head()),
                known.told());
    }
}
