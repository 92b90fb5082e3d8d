package org.conurb.talk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.audit.ReadSpans;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talk spurts for those who ask: lists by access, voice under a purpose grant. Listening is written to the audit log once
 * for each grant, group and hour, as who hears one spurt hears the next. Only voice that is as it was sealed is heard.
 */
final class Spurts {
    private static final Logger LOG = LoggerFactory.getLogger(Spurts.class);

    private final SpurtStore store;
    private final TalkFolder folder;
    private final Access access;
    private final Transactions transactions;
    private final ReadSpans reads;

    /** What one hears for. */
    enum Use {
        LISTEN("talk.audio.read"),
        LIVE("talk.live.read"),
        EXPORT("talk.export.read");

        private final String action;

        Use(String action) {
            this.action = action;
        }
    }

    Spurts(Transactions transactions, TalkFolder folder, Access access, Audit audit) {
        this.store = new SpurtStore(transactions.jdbc());
        this.folder = folder;
        this.access = access;
        this.transactions = transactions;
        this.reads = new ReadSpans(audit, transactions);
    }

    /** Newest first. In the caller's transaction, as all here but {@link #voice}. */
    List<Spurt> list(Caller caller, SpurtStore.Wanted wanted) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, Spurt.KIND);
        return owners.isEmpty() ? List.of() : store.list(owners, wanted);
    }

    Spurt find(Caller caller, UUID id) {
        Spurt spurt = store.find(id).orElseThrow(() -> new NotFound("talk spurt", id.toString()));
        access.demand(caller, Action.READ, Spurt.KIND, spurt.organisation(), id.toString());
        return spurt;
    }

    /**
     * The grant under which the caller hears it: the one named, else one derived from seat and case.
     *
     * @param caseId the open incident one works on, where no grant is named; where there is none, the spurt's own
     * @throws Denied where no purpose allows
     */
    UUID listen(Caller caller, Spurt spurt, Optional<String> caseId) {
        SpurtFacts facts = spurt.facts();
        Optional<String> asked =
                caller.grant().isPresent() ? Optional.empty() : caseId.or(() -> Optional.ofNullable(facts.incident()));
        UUID grant = purpose(caller, asked);
        Instant until = spurt.ended().orElse(facts.began()).truncatedTo(ChronoUnit.HOURS);
        ReadSpans.Thing thing =
                new ReadSpans.Thing(Use.LISTEN.action, SpurtHours.GROUP, facts.group(), facts.organisation());
        reads.read(caller, grant, thing, facts.hour(), until.plus(1, ChronoUnit.HOURS));
        return grant;
    }

    /**
     * The grant under which a device of the caller's hears a group live, written to the audit log for this hour.
     *
     * @throws Denied where no purpose allows
     */
    UUID hear(Caller caller, GroupFacts facts, Instant now) {
        UUID grant = purpose(caller, caller.grant().isPresent() ? Optional.empty() : facts.incident());
        hear(caller, grant, facts.group(), now);
        return grant;
    }

    private void hear(Caller caller, UUID grant, TalkGroup group, Instant now) {
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        reads.read(caller, grant, live(group), hour, hour.plus(1, ChronoUnit.HOURS));
    }

    private static ReadSpans.Thing live(TalkGroup group) {
        return new ReadSpans.Thing(Use.LIVE.action, SpurtHours.GROUP, group.id(), group.owner());
    }

    /** Whether the device may hear on: access and grant stand. Each hour of it is written, in a transaction of its own. */
    boolean hearsOn(Caller caller, UUID grant, TalkGroup group, Instant now) {
        if (!access.decide(caller, Action.READ, GroupRules.KIND, group.owner()) || !stands(caller, grant)) {
            return false;
        }
        if (!reads.isWritten(grant, live(group), now, now.plusMillis(1))) {
            transactions.doAs(access.owners(caller), () -> hear(caller, grant, group, now));
        }
        return true;
    }

    /** The same for a span of a group that is taken out. */
    UUID export(Caller caller, String group, OrganisationId owner, Optional<String> caseId, Instant from, Instant to) {
        UUID grant = purpose(caller, caller.grant().isPresent() ? Optional.empty() : caseId);
        reads.read(caller, grant, new ReadSpans.Thing(Use.EXPORT.action, SpurtHours.GROUP, group, owner), from, to);
        return grant;
    }

    private UUID purpose(Caller caller, Optional<String> caseId) {
        return access.purpose(caller, Spurt.KIND, caseId).orElseThrow(() -> Denied.withoutPurpose("What was said"));
    }

    /** Whether the grant still stands; from memory but for once in a while. */
    boolean stands(Caller caller, UUID grant) {
        Caller under = new Caller(
                caller.subject(),
                caller.name(),
                caller.organisation(),
                caller.seat(),
                caller.roles(),
                Optional.of(grant),
                caller.defaultPurpose());
        return access.purpose(under, Spurt.KIND, Optional.empty()).isPresent();
    }

    /** What a spurt's file holds. */
    record Voice(SpurtReader file, VoiceTimeline timeline) {}

    /**
     * Its voice, as it was sealed.
     *
     * @throws NotFound where there is none: the group is not recorded, the file is gone, or nobody said anything
     * @throws Conflict where it goes on, or the file is not what was sealed
     */
    Voice voice(Spurt spurt) throws IOException {
        if (spurt.ended().isEmpty()) {
            throw new Conflict("talk-goes-on", "This talk has not ended.", "Ask again when it has.");
        }
        if (spurt.audio().isEmpty()) {
            throw new NotFound("voice of talk spurt", spurt.id().toString());
        }
        Path path = folder.file(spurt.facts().began(), spurt.id());
        SpurtReader file;
        try {
            file = SpurtReader.read(path);
        } catch (NoSuchFileException gone) {
            LOG.atError().addKeyValue("file", path).log("talk.file.missing");
            throw new NotFound("voice of talk spurt", spurt.id().toString());
        } catch (IOException e) {
            throw changed(path, spurt);
        }
        if (!Arrays.equals(file.sha256(), SpurtChain.hash(spurt))) {
            throw changed(path, spurt);
        }
        VoiceTimeline timeline = VoiceTimeline.of(file);
        if (timeline.count() == 0) {
            throw new NotFound("voice of talk spurt", spurt.id().toString());
        }
        return new Voice(file, timeline);
    }

    private static Conflict changed(Path path, Spurt spurt) {
        LOG.atError().addKeyValue("file", path).log("talk.file.changed");
        return new Conflict(
                "talk-changed",
                "The file of talk spurt %s is not what was recorded.".formatted(spurt.id()),
                "Somebody or something changed it on disk: lay it back from a copy of media/talk, and look who could.");
    }
}
