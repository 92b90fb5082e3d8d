package org.conurb.talk;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A phone that has signed in: where it is, what it may call, its call. Confined to the SIP thread. */
final class SipDevice {
    private final SipAccount account;
    private final SipClient client;
    private final Map<String, TalkNotice.GroupShown> groups = new LinkedHashMap<>();
    private @Nullable Binding binding;
    private @Nullable SipCall call;

    /**
     * Where it is reached (RFC 3261 10.3).
     *
     * @param flow what it registered by: the way back through whatever router is between
     * @param until milliseconds
     */
    record Binding(SipUri contact, SipFlow flow, String callId, int cseq, long until) {}

    SipDevice(SipAccount account, SipClient client) {
        this.account = account;
        this.client = client;
    }

    SipAccount account() {
        return account;
    }

    SipClient client() {
        return client;
    }

    @Nullable
    Binding binding() {
        return binding;
    }

    void bind(@Nullable Binding to) {
        binding = to;
    }

    @Nullable
    SipCall call() {
        return call;
    }

    void inCall(@Nullable SipCall now) {
        call = now;
    }

    void shown(TalkNotice.GroupShown group) {
        groups.put(group.facts().group().id(), group);
    }

    void gone(String group) {
        groups.remove(group);
    }

    /** One of its groups by what was dialled: the short name, or the UUID of its id. */
    Optional<TalkNotice.GroupShown> group(String dialled) {
        return groups.values().stream()
                .filter(shown -> shown.facts().origin() != GroupFacts.Origin.PRIVATE)
                .filter(shown -> shown.facts().group().id().endsWith(":" + dialled.toLowerCase(Locale.ROOT))
                        || shortName(shown.facts().name()).equals(dialled.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Letters and digits of a name, in lower case, with a hyphen between words: what can be dialled. */
    static String shortName(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "-")
                .replaceAll("^-|-$", "");
    }
}
