package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls with phones: a phone calls a group, or somebody; somebody calls a phone. A device has one at a time. Confined to the
 * SIP thread.
 */
final class SipCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SipCalls.class);
    private static final long ASK_NANOS = 30_000_000_000L;
    private static final int HIGHEST = 255;

    private final SipDoor door;
    private final ControllingFunction site;
    private final Participants participants;
    private final SipMedia media;
    private final SipTransactions transactions;
    private final Map<String, SipCall> calls = new HashMap<>();

    SipCalls(
            SipDoor door,
            ControllingFunction site,
            Participants participants,
            SipMedia media,
            SipTransactions transactions) {
        this.door = door;
        this.site = site;
        this.participants = participants;
        this.media = media;
        this.transactions = transactions;
    }

    // ---- a phone calls

    void begin(SipDevice device, SipTransactions.Server server) throws SipFailure {
        SipMessage request = server.request();
        if (device.call() != null) {
            throw new SipFailure(486, "Busy Here");
        }
        String dialled = SipUri.read(request.uri()).user();
        SipSdp offer = description(request);
        SipCodec codec = codec(offer);
        SipAddress contact = SipAddress.read(request.top("contact"));
        Optional<TalkNotice.GroupShown> group = device.group(dialled);
        Optional<Participant> person = group.isPresent()
                ? Optional.empty()
                : participants.find("sip:%s@%s".formatted(dialled, door.place().site()));
        if (group.isEmpty() && person.isEmpty()) {
            throw new SipFailure(404, "Not Found");
        }
        SipCall call = new SipCall(device, server.flow(), request.top("call-id"), door.token(), true);
        call.peerTag = request.from().parameters().getOrDefault("tag", "");
        call.own = request.top("to") + ";tag=" + call.ownTag;
        call.peer = request.top("from");
        call.target = contact.uri().toString();
        call.routes = request.all("record-route");
        call.peerCseq = request.cseq();
        call.invite = server;
        call.session = door.number();
        opened(call, media.reserve(), offer, codec);
        server.onLost(() -> hangUp(call));
        if (group.isPresent()) {
            joinGroup(call, group.get());
        } else {
            callSomebody(call, person.orElseThrow());
        }
    }

    /** Its media from now on, though nothing is heard before the other side is there. */
    private void opened(SipCall call, SipMedia.Port port, SipSdp described, SipCodec codec) {
        SipClient client = call.device.client();
        call.key = new SipKey(new SipKey.Floor() {
            @Override
            public void request() {
                site.request(client, call.group, HIGHEST, Urgency.ROUTINE);
            }

            @Override
            public void release() {
                site.release(client, call.group);
            }
        });
        SipKey key = call.key;
        SipLeg leg = media.open(
                port,
                new SipLeg.Wish(described, codec, call.flow.remote().getAddress(), client.mouth()),
                new SipKeyEvents.Keys() {
                    @Override
                    public void down(int event) {
                        long at = millis();
                        door.post(() -> key.down(event, at));
                    }

                    @Override
                    public void up(int event) {
                        long at = millis();
                        door.post(() -> key.up(event, at));
                    }
                },
                packet -> door.post(() -> site.handle(client, call.group, packet.message())));
        call.port = port;
        call.leg = leg;
        call.device.inCall(call);
        calls.put(call.callId, call);
        client.hears(described.receives() ? leg : null);
        site.mediaChanged(client);
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }

    private void joinGroup(SipCall call, TalkNotice.GroupShown group) {
        call.group = group.facts().group().id();
        call.affiliatedBefore = group.affiliated();
        SipClient client = call.device.client();
        var unused = site.affiliate(client.participant(), call.group)
                .thenAccept(may -> door.post(() -> {
                    if (call.state != SipCall.State.EARLY) {
                        return;
                    }
                    if (may) {
                        site.prefer(client, call.group, HIGHEST, false);
                        accept(call);
                    } else {
                        refuse(call, 403, "Forbidden");
                    }
                }));
    }

    private void callSomebody(SipCall call, Participant callee) {
        call.isPrivate = true;
        SipClient client = call.device.client();
        var unused = site.callPrivately(
                        client, callee, false, client.participant().organisation())
                .thenAccept(group -> door.post(() -> {
                    if (group.isEmpty()) {
                        refuse(call, 480, "Temporarily Unavailable");
                        return;
                    }
                    call.group = group.get();
                    if (call.state == SipCall.State.EARLY) {
                        respond(call, 180, "Ringing", new byte[0]);
                    } else {
                        endPrivate(call);
                    }
                }));
    }

    private void accept(SipCall call) {
        SipLeg leg = call.leg;
        SipTransactions.Server invite = call.invite;
        if (leg == null || invite == null || call.state != SipCall.State.EARLY) {
            return;
        }
        call.state = SipCall.State.CONFIRMED;
        try {
            SipSdp offer = description(invite.request());
            respond(call, 200, "OK", offer.answer(own(call), leg.port(), leg.codec(), call.session, call.version));
        } catch (SipFailure cannotBe) {
            hangUp(call);
        }
    }

    private java.net.InetAddress own(SipCall call) {
        return door.own(call.flow.remote());
    }

    private void respond(SipCall call, int status, String phrase, byte[] description) {
        SipTransactions.Server invite = call.invite;
        if (invite == null) {
            return;
        }
        SipMessage response = SipMessage.response(invite.request(), status, phrase)
                .set("to", call.own)
                .add("contact", door.contact(call.flow))
                .add("allow", SipDoor.ALLOW);
        if (description.length > 0) {
            response.body(SipSdp.TYPE, description);
        }
        invite.respond(response);
    }

    private void refuse(SipCall call, int status, String phrase) {
        if (call.state == SipCall.State.EARLY) {
            respond(call, status, phrase, new byte[0]);
            closed(call);
        }
    }

    private static SipSdp description(SipMessage message) throws SipFailure {
        if (message.body().length == 0) {
            throw new SipFailure(488, "Not Acceptable Here");
        }
        String type = message.top("content-type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals(SipSdp.TYPE)) {
            throw new SipFailure(415, "Unsupported Media Type");
        }
        return SipSdp.read(message.body());
    }

    private SipCodec codec(SipSdp offer) throws SipFailure {
        SipCodec codec = offer.codec();
        if (codec != SipCodec.OPUS && !media.voices().isThere()) {
            throw new SipFailure(488, "Not Acceptable Here");
        }
        return codec;
    }

    // ---- a phone is called

    private void ring(SipDevice device, TalkNotice.Invited invited) {
        SipDevice.Binding binding = device.binding();
        if (binding == null || device.call() != null || !binding.flow().isOpen()) {
            return;
        }
        SipFlow flow = binding.flow();
        SipCall call = new SipCall(device, flow, door.token(), door.token(), false);
        try {
            SipMedia.Port port = media.reserve();
            call.port = port;
            call.group = invited.group();
            call.isPrivate = true;
            call.target = binding.contact().toString();
            call.own = "\"%s\" <%s>;tag=%s"
                    .formatted(
                            participants.name(invited.by()).replaceAll("[\"\\\\\\p{Cntrl}]", ""),
                            invited.by().mcpttId(),
                            call.ownTag);
            call.peer = "<" + binding.contact() + ">";
            call.session = door.number();
            byte[] offer = SipSdp.offer(door.own(flow.remote()), port.number(), call.session);
            SipMessage invite = call.request("INVITE", call.ownCseq)
                    .addFirst("via", door.via(flow))
                    .add("contact", door.contact(flow))
                    .add("allow", SipDoor.ALLOW)
                    .body(SipSdp.TYPE, offer);
            call.ourInvite = invite;
            device.inCall(call);
            calls.put(call.callId, call);
            transactions.send(invite, flow, answer -> phoneAnswered(call, answer));
        } catch (SipFailure full) {
            LOG.atWarn().addKeyValue("why", full.phrase()).log("talk.sip.not-called");
        }
    }

    private void phoneAnswered(SipCall call, SipMessage answer) {
        if (answer.status() < 200) {
            return;
        }
        try {
            if (answer.status() >= 300) {
                if (call.state != SipCall.State.ENDED) {
                    closed(call);
                }
                return;
            }
            call.peerTag = answer.to().parameters().getOrDefault("tag", "");
            call.peer = answer.top("to");
            call.target = SipAddress.read(answer.top("contact")).uri().toString();
            call.routes = answer.all("record-route").reversed();
            call.ourAck = call.request("ACK", call.ownCseq).addFirst("via", door.via(call.flow));
            call.flow.send(call.ourAck.octets());
            SipMedia.Port port = call.port;
            if (call.state == SipCall.State.ENDED || port == null) {
                sayBye(call); // it was lifted as the other hung up
                return;
            }
            SipSdp described = description(answer);
            call.state = SipCall.State.CONFIRMED;
            opened(call, port, described, codec(described));
            var unused = site.accept(call.device.client(), call.group);
        } catch (SipFailure nonsense) {
            hangUp(call);
        }
    }

    /** A 200 that comes again wants its ACK again. */
    void answered(SipMessage response) {
        SipCall call = calls.get(response.top("call-id"));
        SipMessage acknowledgement = call == null ? null : call.ourAck;
        if (call != null
                && acknowledgement != null
                && response.status() / 100 == 2
                && response.cseqMethod().equals("INVITE")) {
            call.flow.send(acknowledgement.octets());
        }
    }

    // ---- in a call

    void acknowledged(SipMessage request) throws SipFailure {
        SipCall call = calls.get(request.top("call-id"));
        if (call != null && call.isOf(request) && call.invite != null) {
            call.invite.acknowledged();
        }
    }

    void cancel(SipMessage request, SipFlow flow) throws SipFailure {
        SipTransactions.Server invite = transactions.invite(request);
        if (invite == null || !invite.flow().remote().equals(flow.remote())) {
            door.refuse(request, flow, 481, "Call/Transaction Does Not Exist");
            return;
        }
        flow.send(door.tagged(SipMessage.response(request, 200, "OK")).octets());
        SipCall call = calls.get(request.top("call-id"));
        if (call != null && call.invite == invite && call.state == SipCall.State.EARLY) {
            respond(call, 487, "Request Terminated", new byte[0]);
            closed(call);
        }
    }

    void inDialog(SipMessage request, SipFlow flow) throws SipFailure {
        SipCall call = calls.get(request.top("call-id"));
        if (call == null || !call.isOf(request)) {
            door.refuse(request, flow, 481, "Call/Transaction Does Not Exist");
            return;
        }
        boolean same = flow.remote().getAddress().equals(call.flow.remote().getAddress());
        if (!same
                && door.signedIn(request, flow)
                        .filter(call.device.account()::equals)
                        .isEmpty()) {
            return;
        }
        if (request.cseq() <= call.peerCseq) {
            throw new SipFailure(500, "Out of Order");
        }
        call.peerCseq = request.cseq();
        SipTransactions.Server server = transactions.begin(request, flow);
        try {
            switch (request.method()) {
                case "BYE" -> {
                    server.respond(SipMessage.response(request, 200, "OK"));
                    closed(call);
                }
                case "INVITE", "UPDATE" -> changed(call, server);
                case "INFO" -> {
                    pressed(call, request);
                    server.respond(SipMessage.response(request, 200, "OK"));
                }
                case "OPTIONS" ->
                    server.respond(SipMessage.response(request, 200, "OK").add("allow", SipDoor.ALLOW));
                default ->
                    server.respond(SipMessage.response(request, 405, "Method Not Allowed")
                            .add("allow", SipDoor.ALLOW));
            }
        } catch (SipFailure failure) {
            server.respond(SipMessage.response(request, failure.status(), failure.phrase()));
        }
    }

    /** On hold or back, or at another address; the codec stays. */
    private void changed(SipCall call, SipTransactions.Server server) throws SipFailure {
        SipMessage request = server.request();
        SipLeg leg = call.leg;
        if (leg == null || call.state != SipCall.State.CONFIRMED) {
            throw new SipFailure(491, "Request Pending");
        }
        if (request.one("contact").isPresent()) {
            call.target = SipAddress.read(request.top("contact")).uri().toString();
        }
        SipMessage response = SipMessage.response(request, 200, "OK").add("contact", door.contact(call.flow));
        if (request.body().length > 0 || request.method().equals("INVITE")) {
            SipSdp offer = description(request);
            if (!offer.codecs().containsKey(leg.codec())) {
                throw new SipFailure(488, "Not Acceptable Here");
            }
            call.version++;
            response.body(SipSdp.TYPE, offer.answer(own(call), leg.port(), leg.codec(), call.session, call.version));
            leg.describe(offer);
            SipClient client = call.device.client();
            client.hears(offer.receives() ? leg : null);
            site.mediaChanged(client);
            SipKey key = call.key;
            if (!offer.receives() && key != null && key.wants()) {
                key.pressed(SipKey.POUND);
            }
        }
        if (request.method().equals("INVITE")) {
            call.invite = server;
            server.onLost(() -> hangUp(call));
        }
        server.respond(response);
    }

    /** {@code application/dtmf-relay} says {@code Signal=*}; {@code application/dtmf} just {@code *} or a number. */
    private static void pressed(SipCall call, SipMessage request) throws SipFailure {
        String type = request.top("content-type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        String body = new String(request.body(), UTF_8);
        String signal;
        switch (type) {
            case "application/dtmf-relay" ->
                signal = body.lines()
                        .map(line -> line.split("=", 2))
                        .filter(pair -> pair.length == 2 && pair[0].strip().equalsIgnoreCase("signal"))
                        .map(pair -> pair[1].strip())
                        .findFirst()
                        .orElse("");
            case "application/dtmf" -> signal = body.strip();
            default -> throw new SipFailure(415, "Unsupported Media Type");
        }
        SipKey key = call.key;
        if (key != null) {
            switch (signal) {
                case "*", "10" -> key.pressed(SipKey.STAR);
                case "#", "11" -> key.pressed(SipKey.POUND);
                default -> {} // other digits mean nothing here
            }
        }
    }

    // ---- what calls say

    void told(SipDevice device, TalkNotice notice) {
        switch (notice) {
            case TalkNotice.GroupShown shown -> {
                device.shown(shown);
                if (shown.state().joined() > 1) {
                    of(device, shown.facts().group().id()).ifPresent(this::answeredBySomebody);
                }
            }
            case TalkNotice.GroupGone gone -> {
                device.gone(gone.group());
                of(device, gone.group()).ifPresent(this::hangUp);
            }
            case TalkNotice.Invited invited -> ring(device, invited);
            case TalkNotice.Released released -> of(device, released.group()).ifPresent(this::hangUp);
            case TalkNotice.FloorTold told ->
                of(device, told.group()).ifPresent(call -> floor(call, told.message()));
            case TalkNotice.Transmission transmission ->
                of(device, transmission.talk().group()).ifPresent(this::answeredBySomebody);
            default -> {} // shown on displays; a phone has none
        }
    }

    /** Its call, where that is in this group. */
    private static Optional<SipCall> of(SipDevice device, String group) {
        return Optional.ofNullable(device.call())
                .filter(call -> call.group.equals(group) && call.state != SipCall.State.ENDED);
    }

    private void answeredBySomebody(SipCall call) {
        if (call.isPrivate && call.byPhone) {
            accept(call);
        }
    }

    private void floor(SipCall call, FloorMessage message) {
        SipLeg leg = call.leg;
        SipKey key = call.key;
        if (leg == null || key == null) {
            return;
        }
        boolean shows = leg.hasFloorChannel();
        if (shows) {
            leg.tell(message, false);
        }
        switch (message) {
            case FloorMessage.Granted granted -> {
                if (!shows && key.wants()) {
                    leg.play(SipTone.GRANTED);
                }
            }
            case FloorMessage.Deny deny -> refused(call, leg, key, shows);
            case FloorMessage.Revoke revoke -> {
                refused(call, leg, key, shows);
                if (!shows) {
                    site.release(call.device.client(), call.group);
                }
            }
            default -> {} // nothing to hear
        }
    }

    private static void refused(SipCall call, SipLeg leg, SipKey key, boolean shows) {
        key.refused();
        if (!shows && call.state == SipCall.State.CONFIRMED) {
            leg.play(SipTone.DENIED);
        }
    }

    // ---- the end

    /** We end it, whatever state it is in. */
    private void hangUp(SipCall call) {
        if (call.state == SipCall.State.ENDED) {
            return;
        }
        if (call.state == SipCall.State.CONFIRMED) {
            sayBye(call);
        } else if (call.byPhone) {
            respond(call, 480, "Temporarily Unavailable", new byte[0]);
        } else {
            giveUp(call);
        }
        closed(call);
    }

    private void sayBye(SipCall call) {
        send(call, "BYE");
    }

    private void send(SipCall call, String method) {
        try {
            SipMessage request = call.request(method, ++call.ownCseq).addFirst("via", door.via(call.flow));
            transactions.send(request, call.flow, answer -> {
                if (method.equals("OPTIONS") && (answer.status() == 408 || answer.status() == 481)) {
                    hangUp(call);
                }
            });
        } catch (SipFailure ours) {
            throw new IllegalStateException("A request of ours is none", ours);
        }
    }

    private void giveUp(SipCall call) {
        SipMessage invite = call.ourInvite;
        if (invite == null) {
            return;
        }
        SipMessage cancel = SipMessage.request("CANCEL", invite.uri())
                .add("via", invite.top("via"))
                .add("max-forwards", "70")
                .add("from", invite.top("from"))
                .add("to", invite.top("to"))
                .add("call-id", invite.top("call-id"))
                .add("cseq", call.ownCseq + " CANCEL");
        try {
            transactions.send(cancel, call.flow, answer -> {});
        } catch (SipFailure ours) {
            throw new IllegalStateException("A request of ours is none", ours);
        }
    }

    private void closed(SipCall call) {
        if (call.state == SipCall.State.ENDED) {
            return;
        }
        call.state = SipCall.State.ENDED;
        calls.remove(call.callId, call);
        SipDevice device = call.device;
        device.inCall(null);
        SipClient client = device.client();
        if (call.key != null && call.key.wants()) {
            call.key.pressed(SipKey.POUND);
        }
        client.hears(null);
        site.mediaChanged(client);
        if (call.leg != null) {
            call.leg.close();
        } else if (call.port != null) {
            media.release(call.port);
        }
        if (call.isPrivate) {
            endPrivate(call);
        } else if (!call.affiliatedBefore && !call.group.isEmpty()) {
            site.deaffiliate(client.participant(), call.group);
        }
        door.leaveUnlessUsed(device);
    }

    private void endPrivate(SipCall call) {
        if (!call.group.isEmpty()) {
            var unused = site.end(call.device.client(), call.group);
        }
    }

    void end(SipDevice device) {
        SipCall call = device.call();
        if (call != null) {
            hangUp(call);
        }
    }

    /** Asks phones that say nothing whether they are still there. */
    void sweep(List<SipDevice> devices) {
        long now = System.nanoTime();
        for (SipDevice device : devices) {
            SipCall call = device.call();
            SipLeg leg = call == null ? null : call.leg;
            if (call == null || leg == null || call.state != SipCall.State.CONFIRMED) {
                continue;
            }
            if (!call.flow.isOpen()) {
                closed(call);
            } else if (now - Math.max(leg.heardAt(), call.askedAt) > ASK_NANOS) {
                call.askedAt = now;
                send(call, "OPTIONS");
            }
        }
    }
}
