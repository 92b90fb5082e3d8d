package org.conurb.talk;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.conurb.hub.Standing;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.media.MediaSession;
import org.conurb.media.MediaWorkers;
import org.conurb.media.RtpCodec;
import org.conurb.media.TrackWish;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Devices that only listen ({@code POST /whep/talk/{group}}, draft-ietf-wish-whep) or only talk ({@code POST
 * /whip/talk/{group}}, RFC 9725): a loudspeaker in a corridor, a gateway. Who listens stands under a purpose, ends with it, and
 * is counted among those who are in the group. Who talks asks for the floor as soon as it is connected, and has it until it
 * goes or somebody more urgent comes.
 */
@RestController
class DeviceDoor {
    private static final String SDP = "application/sdp";
    private static final int LONGEST_OFFER = 64 << 10;

    private final ControllingFunction site;
    private final Participants participants;
    private final MediaWorkers workers;
    private final Spurts spurts;
    private final Access access;
    private final Audit audit;
    private final Standing standing;
    private final Transactions transactions;
    private final Clock clock;
    private final Map<UUID, DeviceClient> devices = new ConcurrentHashMap<>();

    DeviceDoor(
            ControllingFunction site,
            Participants participants,
            MediaWorkers workers,
            Spurts spurts,
            Access access,
            Audit audit,
            Standing standing,
            Transactions transactions,
            Clock clock) {
        this.site = site;
        this.participants = participants;
        this.workers = workers;
        this.spurts = spurts;
        this.access = access;
        this.audit = audit;
        this.standing = standing;
        this.transactions = transactions;
        this.clock = clock;
    }

    @PostMapping(value = "/whep/talk/{group}", consumes = SDP)
    ResponseEntity<byte[]> listen(
            @PathVariable String group, @RequestBody byte[] offer, Caller caller, HttpServletRequest request) {
        GroupFacts facts = find(group);
        String id = facts.group().id();
        BooleanSupplier signedIn = standing.of(caller, request);
        return transactions.as(access.owners(caller), () -> {
            access.demand(caller, Action.READ, GroupRules.KIND, facts.group().owner(), id);
            UUID grant = spurts.hear(caller, facts, clock.instant());
            Participant nobody = new Participant("sip:device@" + caller.organisation(), null, caller.organisation());
            DeviceClient device = new DeviceClient(
                    caller,
                    nobody,
                    () -> signedIn.getAsBoolean()
                            && site.facts(id).isPresent()
                            && spurts.hearsOn(caller, grant, facts.group(), clock.instant()),
                    client -> site.listen(client, id),
                    client -> {
                        site.listenNoMore(client, id);
                        devices.remove(client.session());
                    });
            return answer("/whep/talk/sessions/", device, offer, TrackWish.send("audio", RtpCodec.opus()));
        });
    }

    /** @param unit URN of the unit that it talks as; without it, the caller's seat */
    @PostMapping(value = "/whip/talk/{group}", consumes = SDP)
    ResponseEntity<byte[]> talk(
            @PathVariable String group,
            @RequestParam(required = false) @Nullable String unit,
            @RequestBody byte[] offer,
            Caller caller,
            HttpServletRequest request) {
        GroupFacts facts = find(group);
        String id = facts.group().id();
        BooleanSupplier signedIn = standing.of(caller, request);
        return transactions.as(access.owners(caller), () -> {
            Participant as = talker(caller, facts, participants.of(caller, Optional.ofNullable(unit)));
            audit.record(AuditEntry.of(caller, "talk.connected", "TalkClient", as.mcpttId(), as.organisation()));
            DeviceClient device = new DeviceClient(
                    caller,
                    as,
                    () -> signedIn.getAsBoolean() && site.facts(id).isPresent(),
                    client -> connect(client, id),
                    client -> {
                        site.disconnect(client);
                        devices.remove(client.session());
                    });
            return answer("/whip/talk/sessions/", device, offer, TrackWish.receive("audio", RtpCodec.opus()));
        });
    }

    private Participant talker(Caller caller, GroupFacts facts, Participant who) {
        TalkGroup group = facts.group();
        boolean may = group.membership(who)
                .map(membership -> membership.may(Membership.Right.TALK))
                .orElse(false);
        if (!may) {
            access.demand(caller, Action.READ, GroupRules.KIND, group.owner(), group.id());
            throw new Denied(
                    "%s is no member of %s that may talk.".formatted(participants.name(who), facts.name()),
                    "GET /api/talk/groups tells where it may.");
        }
        return who;
    }

    private void connect(DeviceClient client, String group) {
        site.connect(client).thenAccept(in -> {
            if (in) {
                site.request(client, group, 255, Urgency.ROUTINE);
            } else {
                client.end();
            }
        });
    }

    @DeleteMapping({"/whep/talk/sessions/{id}", "/whip/talk/sessions/{id}"})
    ResponseEntity<Void> end(@PathVariable String id, Caller caller) {
        DeviceClient device = Ids.parse("TalkSession", id)
                .map(devices::get)
                .filter(found -> found.caller().subject().equals(caller.subject()))
                .orElseThrow(() -> new NotFound("talk session", id));
        device.end();
        return ResponseEntity.ok().build();
    }

    /** Those whose sign-in, purpose or group has ended go. */
    void look() {
        devices.values().stream().filter(device -> !device.holds()).forEach(DeviceClient::end);
    }

    /** How many devices there are. */
    int open() {
        return devices.size();
    }

    private GroupFacts find(String group) {
        String id = Ids.parse(GroupRules.KIND, group)
                .map(uuid -> Ids.urn(GroupRules.KIND, uuid))
                .orElse(group);
        return site.facts(id).orElseThrow(() -> new NotFound("talkgroup", id)); // as Access says it of others' groups
    }

    /** In the transaction that says who it is, so that nothing is written of an offer that is refused. */
    private ResponseEntity<byte[]> answer(String place, DeviceClient device, byte[] offer, TrackWish wish) {
        if (offer.length > LONGEST_OFFER) {
            throw new BadRequest("talk-offer", "An offer has at most %d bytes.".formatted(LONGEST_OFFER), "Send SDP.");
        }
        devices.put(device.session(), device);
        try {
            MediaSession media = workers.open(new String(offer, StandardCharsets.UTF_8), List.of(wish), device);
            device.media(media);
            return ResponseEntity.status(201)
                    .header(HttpHeaders.LOCATION, place + device.session())
                    .header(HttpHeaders.CONTENT_TYPE, SDP)
                    .body(media.answer().getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException refused) {
            devices.remove(device.session());
            throw refused;
        }
    }
}
