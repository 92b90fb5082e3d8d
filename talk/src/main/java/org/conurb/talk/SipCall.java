package org.conurb.talk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call with a phone: its dialog (RFC 3261 12), its media, the group it is in. Confined to the SIP thread. */
final class SipCall {
    enum State {
        /** Asked for, by either side. */
        EARLY,
        CONFIRMED,
        ENDED
    }

    final SipDevice device;
    final SipFlow flow;
    final String callId;
    final String ownTag;
    final boolean byPhone;
    String peerTag = "";
    String own = "";
    String peer = "";
    String target = "";
    List<String> routes = List.of();
    int ownCseq = 1;
    int peerCseq = -1;
    State state = State.EARLY;
    String group = "";
    boolean isPrivate;
    boolean affiliatedBefore;
    long session;
    int version = 1;
    long askedAt;

    @Nullable
    SipLeg leg;

    SipMedia.@Nullable Port port;
    SipTransactions.@Nullable Server invite;
    /** The one that we sent, while it is unanswered. */
    @Nullable
    SipMessage ourInvite;

    @Nullable
    SipMessage ourAck;

    @Nullable
    SipKey key;

    SipCall(SipDevice device, SipFlow flow, String callId, String ownTag, boolean byPhone) {
        this.device = device;
        this.flow = flow;
        this.callId = callId;
        this.ownTag = ownTag;
        this.byPhone = byPhone;
    }

    boolean isOf(SipMessage request) throws SipFailure {
        return callId.equals(request.top("call-id"))
                && ownTag.equals(request.to().parameters().get("tag"))
                && peerTag.equals(request.from().parameters().getOrDefault("tag", ""));
    }

    /** A request of ours in the dialog, without its Via. */
    SipMessage request(String method, int cseq) {
        SipMessage request = SipMessage.request(method, target);
        request.add("max-forwards", "70").add("from", own).add("to", peer).add("call-id", callId);
        request.add("cseq", cseq + " " + method);
        routes.forEach(route -> request.add("route", route));
        return request;
    }
}
