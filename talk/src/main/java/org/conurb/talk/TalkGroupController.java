package org.conurb.talk;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The doors {@code /api/talk/groups} and {@code /api/talk/participants}. */
@RestController
@RequestMapping("/api/talk")
class TalkGroupController {
    private static final int MOST_FOUND = 100;

    private final GroupDirectory directory;
    private final TemporaryGroups temporary;
    private final SiteParticipants participants;
    private final LocationRate rate;
    private final Access access;
    private final Supplier<Optional<ControllingFunction>> site;
    private final NoticeTexts texts;

    TalkGroupController(
            GroupDirectory directory,
            TemporaryGroups temporary,
            SiteParticipants participants,
            LocationRate rate,
            Access access,
            Supplier<Optional<ControllingFunction>> site) {
        this.directory = directory;
        this.temporary = temporary;
        this.participants = participants;
        this.rate = rate;
        this.access = access;
        this.site = site;
        this.texts = new NoticeTexts(participants);
    }

    record NewGroup(
            @Nullable String name,
            @Nullable List<String> members,
            @Nullable Boolean recorded,
            @Nullable String unit) {}

    record GroupList(List<ObjectNode> items) {}

    /** A group that was made just now; what it is like is seen in the list. */
    record Made(String id, String name, boolean recorded) {}

    record ParticipantView(
            String id, String name, @Nullable String alias, String kind, String organisation, boolean connected) {}

    record ParticipantList(List<ParticipantView> items) {}

    /** @param unit as which unit, where not as the seat taken */
    @GetMapping("/groups")
    GroupList groups(Caller caller, @RequestParam(required = false) @Nullable String unit) {
        Participant who = participants.of(caller, Optional.ofNullable(unit));
        return new GroupList(
                directory.of(who).stream().map(facts -> view(facts, who)).toList());
    }

    @PostMapping("/groups")
    Answer open(@RequestBody NewGroup wanted, Caller caller, Change change) {
        return change.commit(() -> {
            Participant who = participants.of(caller, Optional.ofNullable(wanted.unit()));
            GroupRow group = temporary.open(
                    caller, who, wanted.name(), wanted.members(), Boolean.TRUE.equals(wanted.recorded()));
            return Answer.created(
                    URI.create("/api/talk/groups/" + group.urn()),
                    new Made(group.urn(), group.name(), group.recorded()));
        });
    }

    @DeleteMapping("/groups/{id}")
    Answer close(@PathVariable String id, Caller caller, Change change) {
        UUID group = Ids.parse(GroupRules.KIND, id).orElseThrow(() -> new NotFound("talkgroup", id));
        return change.commit(() -> {
            temporary.close(caller, group);
            return Answer.noContent();
        });
    }

    /** As the socket tells it, and how often a unit in it should tell its position, in seconds. */
    private ObjectNode view(GroupFacts facts, Participant who) {
        String id = facts.group().id();
        CallState state = site.get().map(calls -> calls.state(id)).orElse(CallState.NONE);
        return texts.group(facts, state, directory.affiliated(id).contains(who), who)
                .put("locationEvery", directory.row(id).map(rate::of).orElse(rate.usual()));
    }

    /** Who can be called: of the own organisation, and of those that have let it into their groups. */
    @GetMapping("/participants")
    ParticipantList participants(
            Caller caller,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable Integer limit) {
        int most = limit == null ? MOST_FOUND : limit;
        if (most < 1 || most > MOST_FOUND || q != null && q.length() > 100) {
            throw new BadRequest(
                    "parameter", "So much is not looked for.", "Send q of at most 100 characters, limit 1 to 100.");
        }
        Set<OrganisationId> reachable = access.predicate(caller, Action.READ, GroupRules.KIND);
        Set<Participant> connected = connected();
        List<ParticipantView> found = new ArrayList<>();
        for (Participant who : participants.search(reachable::contains, q == null ? "" : q, most)) {
            found.add(new ParticipantView(
                    who.mcpttId(),
                    participants.name(who),
                    who.functionalAlias(),
                    participants.seatOf(who.mcpttId()).isPresent() ? "seat" : "unit",
                    who.organisation().value(),
                    connected.contains(who)));
        }
        return new ParticipantList(List.copyOf(found));
    }

    private Set<Participant> connected() {
        try {
            return site.get().isPresent() ? site.get().get().connected().get(2, TimeUnit.SECONDS) : Set.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Set.of();
        } catch (ExecutionException | TimeoutException e) {
            throw new TalkBusy("Who is connected is not told in time.");
        }
    }
}
