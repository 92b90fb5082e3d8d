package org.conurb.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.conurb.media.WebRtcClient;

/** Groups of the running site in which one talks by WHIP and many listen by WHEP. */
final class TalkCrowd implements VoiceServer {
    private final TalkCity city;
    private final List<Group> groups = new ArrayList<>();
    private final byte[] rtp = new byte[VoicePacket.RTP];

    /** @param units those who listen, four devices each, and last the one who talks */
    private record Group(String id, List<String> units, List<WebRtcClient> listeners, WebRtcClient talker) {}

    private TalkCrowd(TalkCity city) {
        this.city = city;
    }

    /** @param listeners of each group, at most */
    static TalkCrowd of(TalkCity city, int groups, int listeners) throws IOException, InterruptedException {
        TalkCrowd crowd = new TalkCrowd(city);
        int each = (listeners + TalkCity.DEVICES - 1) / TalkCity.DEVICES + 1;
        List<String> units = city.units(groups * each);
        for (int i = 0; i < groups; i++) {
            List<String> members = units.subList(i * each, (i + 1) * each);
            String id = city.group("Bench " + (i + 1), members);
            crowd.groups.add(new Group(id, members, new ArrayList<>(), city.speak(id, members.getLast())));
        }
        return crowd;
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
        Group group = groups.get(voice);
        if (group.listeners().isEmpty()) {
            crowd.add(group.talker().channel(), new Talker(group.talker()));
        }
        String unit = group.units().get(group.listeners().size() / TalkCity.DEVICES);
        WebRtcClient client = city.hear(group.id(), unit);
        group.listeners().add(client);
        crowd.add(client.channel(), new WebRtcListener(client, deliveries, voice));
    }

    /** Who talks hears reports, and says that it is there. */
    private record Talker(WebRtcClient client) implements UdpCrowd.Ear {
        @Override
        public void heard(byte[] datagram, int length, long now) {}

        @Override
        public void stay() throws IOException {
            client.consent();
        }
    }

    @Override
    public void say(int voice, int number) throws IOException {
        VoicePacket.writeRtp(rtp, voice, number);
        groups.get(voice).talker().sendRtp(rtp, VoicePacket.RTP, number);
    }

    /** The site stays. */
    @Override
    public void close() throws IOException {
        for (Group group : groups) {
            group.talker().close();
            for (WebRtcClient listener : group.listeners()) {
                listener.close();
            }
        }
    }
}
