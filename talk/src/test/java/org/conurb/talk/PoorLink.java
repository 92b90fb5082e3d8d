package org.conurb.talk;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.conurb.talk.SocketSite.Device;

/**
 * A site and two crews, all behind one link, as a program of its own: {@link PoorLinkTest} starts it where the link is as
 * it wants it. One talks for some seconds, the other then takes the floor by an emergency and is heard.
 */
final class PoorLink {
    static final int PACKETS = 500;
    private static final String GROUP = "\"group\":\"%s\"".formatted(SocketSite.GROUP);

    private PoorLink() {}

    public static void main(String[] arguments) throws Exception {
        try (SocketSite site = new SocketSite()) {
            Device routine = site.greeted("e1");
            Device urgent = site.greeted("e2");
            for (Device each : new Device[] {routine, urgent}) {
                each.join();
                each.connectVoice();
            }
            routine.say("{\"type\":\"request\",%s}".formatted(GROUP));
            routine.await("granted");
            System.out.println("routine " + talk(routine, urgent));
            urgent.say("{\"type\":\"emergency\",%s}".formatted(GROUP));
            routine.await("revoked");
            urgent.await("granted");
            System.out.println("urgent " + talk(urgent, routine));
            System.out.println(
                    "holders " + site.site.state(SocketSite.GROUP).talkers().size());
        }
        System.exit(0); // whatever threads are left
    }

    /** How many of {@link #PACKETS} are heard. */
    private static int talk(Device talker, Device listener) throws Exception {
        CompletableFuture<Integer> heard = CompletableFuture.supplyAsync(() -> count(listener));
        for (int packet = 1; packet <= PACKETS; packet++) {
            talker.speak(packet);
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return heard.get(30, TimeUnit.SECONDS);
    }

    private static int count(Device listener) {
        try {
            int count = 0;
            for (int patience = 5_000; listener.hear(patience) > 0; patience = 1_000) {
                count++;
            }
            return count;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
