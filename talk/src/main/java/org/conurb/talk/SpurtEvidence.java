package org.conurb.talk;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.audit.EvidenceExport;
import org.conurb.audit.EvidenceRoom;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.NotFound;
import org.conurb.store.Transactions;

/**
 * Recorded talk as evidence. A part is a group in a span: every spurt that has anything of it, whole; between the first and
 * the last of an hour's chain nothing is left out, so one that was sealed between them comes along.
 */
final class SpurtEvidence implements EvidenceRoom {
    static final String KIND = "TalkExport";

    private final Transactions transactions;
    private final Spurts spurts;
    private final SpurtStore store;
    private final SpurtHours hours;
    private final TalkHolds holds;
    private final TalkFolder folder;
    private final Access access;

    SpurtEvidence(Transactions transactions, Spurts spurts, TalkHolds holds, TalkFolder folder, Access access) {
        this.transactions = transactions;
        this.spurts = spurts;
        this.store = new SpurtStore(transactions.jdbc());
        this.hours = new SpurtHours(transactions.jdbc());
        this.holds = holds;
        this.folder = folder;
        this.access = access;
    }

    @Override
    public String schema() {
        return "talk";
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String door() {
        return "/api/talk/exports";
    }

    @Override
    public Held hold(Caller caller, Wanted part, UUID export, String caseId) {
        Spurt last = store.last(part.source()).orElseThrow(() -> new NotFound("talk group", part.source()));
        access.demand(caller, Action.READ, Spurt.KIND, last.organisation(), part.source());
        UUID grant =
                spurts.export(caller, part.source(), last.organisation(), Optional.of(caseId), part.from(), part.to());
        UUID hold = holds.place(last.organisation(), part.source(), part.from(), part.to(), "export " + export);
        return new Held(
                new EvidenceExport.Part(
                        part.source(),
                        last.facts().groupName(),
                        last.organisation().value(),
                        part.from(),
                        part.to(),
                        hold),
                grant);
    }

    @Override
    public void release(EvidenceExport.Part part) {
        holds.release(part.hold());
    }

    @Override
    public Optional<UUID> purpose(Caller caller, Optional<String> caseId) {
        return access.purpose(caller, Spurt.KIND, caseId);
    }

    @Override
    public Material open(EvidenceExport.Part part) throws IOException {
        return transactions.asSystem(() -> new SpurtMaterial(part, folder, chains(part), goingOn(part)));
    }

    private List<Spurt> goingOn(EvidenceExport.Part part) {
        return store.overlapping(part.source(), part.from(), part.to()).stream()
                .filter(spurt -> spurt.ended().isEmpty())
                .toList();
    }

    /**
     * An hour's chain and what of it goes into the bundle.
     *
     * @param first index of the first that is taken, {@code last} of the last
     */
    record HourPart(
            Instant hour,
            byte[] start,
            List<SpurtStore.Sealed> chain,
            int first,
            int last,
            Optional<SpurtHours.Known> known) {
        /** The spurts that are taken. */
        List<SpurtStore.Sealed> taken() {
            return chain.subList(first, last + 1);
        }

        byte[] before() {
            return first == 0 ? start : chain.get(first - 1).link();
        }

        /** Whether the rows lead to the head that is known, link by link. */
        boolean holds() {
            byte[] link = start;
            boolean good = true;
            for (SpurtStore.Sealed sealed : chain) {
                link = SpurtChain.next(link, sealed.spurt());
                good &= Arrays.equals(link, sealed.link());
            }
            byte[] head = link;
            return good && known.map(known -> Arrays.equals(known.head(), head)).orElse(false);
        }
    }

    private List<HourPart> chains(EvidenceExport.Part part) {
        List<Instant> touched = store.overlapping(part.source(), part.from(), part.to()).stream()
                .filter(spurt -> spurt.ended().isPresent())
                .map(spurt -> spurt.facts().hour())
                .distinct()
                .sorted()
                .toList();
        List<HourPart> parts = new ArrayList<>();
        for (Instant hour : touched) {
            List<SpurtStore.Sealed> chain = store.chain(part.source(), hour);
            int first = hour.equals(touched.getFirst()) ? first(chain, part) : 0;
            int last = hour.equals(touched.getLast()) ? last(chain, part) : chain.size() - 1;
            if (first <= last) {
                parts.add(new HourPart(
                        hour,
                        SpurtChain.start(part.source(), hour),
                        chain,
                        first,
                        last,
                        hours.known(part.source(), hour)));
            }
        }
        return parts;
    }

    private static int first(List<SpurtStore.Sealed> chain, EvidenceExport.Part part) {
        int at = 0;
        while (at < chain.size() && !touches(chain.get(at).spurt(), part)) {
            at++;
        }
        return at;
    }

    private static int last(List<SpurtStore.Sealed> chain, EvidenceExport.Part part) {
        int at = chain.size() - 1;
        while (at >= 0 && !touches(chain.get(at).spurt(), part)) {
            at--;
        }
        return at;
    }

    private static boolean touches(Spurt spurt, EvidenceExport.Part part) {
        Instant began = spurt.facts().began();
        return began.isBefore(part.to()) && !spurt.ended().orElse(began).isBefore(part.from());
    }
}
