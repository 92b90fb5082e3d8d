package org.conurb.talk;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.media.FileRange;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The door {@code /api/talk/spurts}: who talked where, when and how long. Voice and waveform stand under a grant ({@code
 * Conurb-Purpose}, {@code ?grant=}) or an open incident (the spurt's, or {@code ?case=}).
 */
@RestController
@RequestMapping("/api/talk/spurts")
class SpurtController {
    private final Spurts spurts;
    private final Access access;
    private final Transactions transactions;

    SpurtController(Spurts spurts, Access access, Transactions transactions) {
        this.spurts = spurts;
        this.access = access;
        this.transactions = transactions;
    }

    /**
     * @param seconds null while it goes on
     * @param recorded whether there is something to hear
     * @param fault why there is nothing, or not all, to hear of what should have been recorded
     * @param audioBegan when the first packet was heard: where {@code audio.ogg} begins
     * @param lostPackets that the site was too slow for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SpurtView(
            UUID id,
            String group,
            String groupName,
            @Nullable String incident,
            String organisation,
            String participant,
            String name,
            Instant began,
            @Nullable Double seconds,
            String urgency,
            boolean recorded,
            @Nullable String sha256,
            @Nullable Instant audioBegan,
            @Nullable Integer lostPackets,
            @Nullable String fault) {
        static SpurtView of(Spurt spurt) {
            SpurtFacts facts = spurt.facts();
            Optional<Spurt.Audio> audio = spurt.audio();
            return new SpurtView(
                    spurt.id(),
                    facts.group(),
                    facts.groupName(),
                    facts.incident(),
                    facts.organisation().value(),
                    facts.participant(),
                    facts.name(),
                    facts.began(),
                    spurt.ended().isEmpty() ? null : spurt.length().toMillis() / 1000.0,
                    facts.urgency(),
                    spurt.isHeard(),
                    audio.map(kept -> HexFormat.of().formatHex(kept.sha256())).orElse(null),
                    audio.flatMap(Spurt.Audio::at).orElse(null),
                    audio.map(Spurt.Audio::lost).orElse(null),
                    spurt.fault().map(SpurtStore::code).orElse(null));
        }
    }

    /** @param next what to send as {@code after} for the next part; null at the end */
    record SpurtPage(
            List<SpurtView> items,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String next) {}

    /** @param peaks 200 of 0..255 over the length of the voice; @param source what they were taken from */
    record WaveformView(int[] peaks, String source, double seconds) {}

    @GetMapping
    SpurtPage list(
            Caller caller,
            @RequestParam @Nullable String group,
            @RequestParam @Nullable String incident,
            @RequestParam @Nullable String participant,
            @RequestParam @Nullable String from,
            @RequestParam @Nullable String to,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable Integer limit) {
        int most = TalkTimes.limit(limit);
        SpurtStore.Wanted wanted = new SpurtStore.Wanted(
                group,
                incident,
                participant,
                TalkTimes.instantOrNull("from", from),
                TalkTimes.instantOrNull("to", to),
                after == null ? null : id(after),
                most + 1);
        return transactions.as(access.owners(caller), () -> {
            List<Spurt> found = spurts.list(caller, wanted);
            List<Spurt> shown = found.subList(0, Math.min(most, found.size()));
            return new SpurtPage(
                    shown.stream().map(SpurtView::of).toList(),
                    found.size() > most ? shown.getLast().id().toString() : null);
        });
    }

    @GetMapping("/{id}")
    SpurtView find(@PathVariable String id, Caller caller) {
        UUID wanted = id(id);
        return transactions.as(access.owners(caller), () -> SpurtView.of(spurts.find(caller, wanted)));
    }

    private record Heard(Spurt spurt, UUID grant) {}

    private Heard heard(String id, @Nullable String caseId, Caller caller) {
        UUID wanted = id(id);
        return transactions.as(access.owners(caller), () -> {
            Spurt spurt = spurts.find(caller, wanted);
            return new Heard(spurt, spurts.listen(caller, spurt, Optional.ofNullable(caseId)));
        });
    }

    @GetMapping("/{id}/audio.ogg")
    void audio(
            @PathVariable String id,
            @RequestParam(value = "case", required = false) @Nullable String caseId,
            @RequestHeader(value = "Range", required = false) @Nullable String range,
            Caller caller,
            HttpServletResponse response)
            throws IOException {
        Heard heard = heard(id, caseId, caller);
        Spurts.Voice voice = spurts.voice(heard.spurt());
        Counted counted = new Counted();
        OggOpus.write(voice.timeline(), heard.spurt().facts(), counted);
        Optional<FileRange> bytes = FileRange.of(range, counted.bytes);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("Cache-Control", "private, no-store");
        if (bytes.isEmpty()) {
            response.setHeader("Content-Range", "bytes */" + counted.bytes);
            response.setStatus(416);
            return;
        }
        response.setContentType(OggOpus.MEDIA_TYPE);
        response.setContentLengthLong(bytes.get().length());
        if (!bytes.get().whole()) {
            response.setStatus(206);
            response.setHeader("Content-Range", bytes.get().contentRange(counted.bytes));
        }
        OutputStream out = bytes.get().within(response.getOutputStream());
        OggOpus.write(
                voice.timeline(), heard.spurt().facts(), new Guarded(out, () -> spurts.stands(caller, heard.grant())));
    }

    @GetMapping("/{id}/waveform")
    WaveformView waveform(
            @PathVariable String id,
            @RequestParam(value = "case", required = false) @Nullable String caseId,
            Caller caller)
            throws IOException {
        Spurts.Voice voice = spurts.voice(heard(id, caseId, caller).spurt());
        Waveform waveform = Waveform.of(voice.file(), voice.timeline());
        return new WaveformView(
                waveform.peaks(), waveform.source(), voice.timeline().end() / 48_000.0);
    }

    private static UUID id(String text) {
        return Ids.parse(Spurt.KIND, text).orElseThrow(() -> new NotFound("talk spurt", text));
    }

    /** Counts what is written, and keeps nothing. */
    private static final class Counted extends OutputStream {
        private long bytes;

        @Override
        public void write(int octet) {
            bytes++;
        }

        @Override
        public void write(byte[] all, int offset, int length) {
            bytes += length;
        }
    }
}
