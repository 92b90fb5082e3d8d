package org.conurb.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.conurb.media.WebRtcClient;
import org.jspecify.annotations.Nullable;

/** Groups of the running site in which one talks by WHIP and many listen by WHEP. */
final class TalkCrowd implements VoiceServer {
    private static final int MEMBERS = 2;
    private static final int CONSENT_EACH = 5 * VoicePacket.PER_SECOND;

    private final TalkCity city;
    private final List<Group> groups = new ArrayList<>();
    private final TalkSockets sockets = new TalkSockets();
    private final List<WebRtcClient> listeners = new ArrayList<>();
    private final byte[] rtp = new byte[VoicePacket.RTP];

    /** Who talks comes with the first packet, as nobody is left the floor who says nothing. */
    private static final class Group {
        private final String id;
        private final String unit;
        private @Nullable WebRtcClient talker;

        Group(String id, String unit) {
            this.id = id;
            this.unit = unit;
        }
    }

    private TalkCrowd(TalkCity city) throws IOException {
        this.city = city;
    }

    static TalkCrowd of(TalkCity city, int groups) throws IOException, InterruptedException {
        TalkCrowd crowd = new TalkCrowd(city);
        List<String> units = city.units(groups * MEMBERS);
        for (int i = 0; i < groups; i++) {
            List<String> members = units.subList(i * MEMBERS, (i + 1) * MEMBERS);
            String group = city.group("Bench " + (i + 1), members);
            crowd.groups.add(new Group(group, members.getFirst()));
            crowd.accompany(group, members.getLast());
        }
        return crowd;
    }

    /** Nobody talks to an empty room: another member is there by the socket, beside those who listen and are nobody. */
    private void accompany(String group, String unit) throws IOException, InterruptedException {
        TalkSockets.Socket socket = sockets.open(city.site().address(), city.token(), (json, now) -> {});
        socket.say("{\"type\":\"hello\",\"unit\":\"%s\",\"client\":\"%s\"}".formatted(unit, UUID.randomUUID()));
        socket.say("{\"type\":\"affiliate\",\"group\":\"%s\"}".formatted(group));
    }

    @Override
    public String name() {
        return "Conurb";
    }

    @Override
    public double cpuSeconds() throws IOException {
        return RunningSite.cpuSeconds(city.site().pid());
    }

    @Override
    public void join(int voice, UdpCrowd crowd, Deliveries deliveries) throws IOException, InterruptedException {
        WebRtcClient client = city.hear(groups.get(voice).id);
        listeners.add(client);
        crowd.add(client.channel(), new WebRtcListener(client, deliveries, voice));
    }

    @Override
    public void say(int voice, int number) throws IOException, InterruptedException {
        Group group = groups.get(voice);
        WebRtcClient talker = group.talker;
        if (talker == null) {
            talker = city.speak(group.id, group.unit);
            group.talker = talker;
        } else if (number % CONSENT_EACH == 0) {
            talker.consent();
        }
        VoicePacket.writeRtp(rtp, voice, number);
        talker.sendRtp(rtp, VoicePacket.RTP, number);
    }

    /** The site stays. */
    @Override
    public void close() throws IOException {
        sockets.close();
        for (Group group : groups) {
            if (group.talker != null) {
                group.talker.close();
            }
        }
        for (WebRtcClient listener : listeners) {
            listener.close();
        }
    }
}
