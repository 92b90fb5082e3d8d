package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.conurb.media.WebRtcClient;

/**
 * How long the key is pressed until somebody hears it, and how long one waits who comes while others talk. Devices are
 * warm: signed in and connected, as a radio is all day.
 */
final class TalkAccess implements AutoCloseable {
    private static final int LISTENERS = 10;
    private static final int WARM = 20;
    private static final int PRESSES = 100;
    private static final int PACKETS = 5;
    private static final int ENTRIES = 50;
    private static final int PAUSE_MS = 150;
    private static final int PATIENCE_SECONDS = 5;
    private static final Set<String> ANSWERS = Set.of("granted", "denied", "queued");

    private final TalkCity city;
    private final TalkSockets sockets = new TalkSockets();
    private final UdpCrowd crowd = new UdpCrowd();
    private final String group;
    private final TalkDevice talker;
    private final List<TalkDevice> listeners = new ArrayList<>();
    private final List<FirstHeard> ears = new ArrayList<>();
    private final byte[] rtp = new byte[VoicePacket.RTP];
    private int number;

    private TalkAccess(TalkCity city) throws IOException, InterruptedException {
        this.city = city;
        List<String> units = city.units(1 + LISTENERS);
        group = city.group("Bench access", units);
        talker = device(units.getFirst());
        for (int i = 1; i <= LISTENERS; i++) {
            TalkDevice listener = device(units.get(i));
            listeners.add(listener);
            ears.add(ear(listener.media()));
        }
        ear(talker.media());
    }

    static void run(PrintStream progress, TalkCity city, List<Goal> goals) throws IOException, InterruptedException {
        try (TalkAccess access = new TalkAccess(city)) {
            access.presses(progress, goals);
            access.entries(progress, goals);
            access.crowd.check();
            access.sockets.check();
        }
    }

    private TalkDevice device(String unit) throws IOException, InterruptedException {
        TalkDevice device = new TalkDevice(city, sockets, unit, 1);
        device.say(Map.of("type", "affiliate", "group", group));
        return device;
    }

    private FirstHeard ear(WebRtcClient client) throws IOException {
        FirstHeard ear = new FirstHeard(client);
        crowd.add(client.channel(), ear);
        return ear;
    }

    private void presses(PrintStream progress, List<Goal> goals) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(1);
        Times granted = new Times();
        Times heard = new Times();
        int missed = 0;
        for (int press = 0; press < WARM + PRESSES; press++) {
            ears.forEach(FirstHeard::arm);
            long pressed = System.nanoTime();
            request();
            long grantedAt = System.nanoTime();
            for (int i = 0; i < PACKETS; i++) {
                packet();
            }
            for (FirstHeard ear : ears) {
                long at = ear.await(PATIENCE_SECONDS);
                if (press >= WARM) {
                    missed += at == 0 ? 1 : 0;
                    heard.add(at == 0 ? TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS) : at - pressed);
                }
            }
            if (press >= WARM) {
                granted.add(grantedAt - pressed);
            }
            talker.say(Map.of("type", "release", "group", group));
            talker.next(Set.of("idle"), group);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        progress.printf(
                "bench talk: %d presses, %d listeners: granted %s; first packet heard %s; %d heard nothing%n",
                PRESSES, LISTENERS, granted.told(), heard.told(), missed);
        goals.add(Goal.atMost(
                "press to first packet at %d listeners, p95 of %d (p50 %.1f)"
                        .formatted(LISTENERS, heard.count(), heard.millis(0.5)),
                heard.millis(0.95),
                "ms",
                300));
        goals.add(Goal.atMost(
                "press to permission, p95 of %d (p50 %.1f)".formatted(granted.count(), granted.millis(0.5)),
                granted.millis(0.95),
                "ms",
                300));
    }

    private void request() throws IOException, InterruptedException {
        talker.say(Map.of("type", "request", "group", group));
        TalkDevice.Told answer = talker.next(ANSWERS, group);
        if (!answer.type().equals("granted")) {
            throw new IOException("The floor was not granted: " + answer.message());
        }
    }

    private void packet() throws IOException, InterruptedException {
        VoicePacket.writeRtp(rtp, 0, number);
        talker.media().sendRtp(rtp, VoicePacket.RTP, number++);
        TimeUnit.MILLISECONDS.sleep(1000 / VoicePacket.PER_SECOND);
    }

    /** While one talks, another comes: with a device that is connected, and by WHEP with one that is not. */
    private void entries(PrintStream progress, List<Goal> goals) throws IOException, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        Thread talking = Thread.ofPlatform().daemon().unstarted(() -> talk(over));
        request();
        talking.start();
        Times warm = new Times();
        Times cold = new Times();
        TalkDevice late = listeners.getFirst();
        FirstHeard ear = ears.getFirst();
        for (int i = 0; i < ENTRIES; i++) {
            late.say(Map.of("type", "deaffiliate", "group", group));
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            ear.arm();
            long began = System.nanoTime();
            late.say(Map.of("type", "affiliate", "group", group));
            warm.add(since(began, ear));
        }
        for (int i = 0; i < ENTRIES; i++) {
            long began = System.nanoTime();
            try (WebRtcClient client = city.hear(group)) {
                cold.add(since(began, ear(client)));
            }
        }
        over.set(true);
        talking.join();
        progress.printf(
                "bench talk: %d late entries: affiliated to first packet %s; by WHEP, not yet connected, %s%n",
                ENTRIES, warm.told(), cold.told());
        goals.add(Goal.atMost(
                "late entry: affiliated to first packet, p95 of %d (p50 %.1f; by WHEP from nothing p95 %.0f)"
                        .formatted(ENTRIES, warm.millis(0.5), cold.millis(0.95)),
                warm.millis(0.95),
                "ms",
                150));
    }

    private static long since(long began, FirstHeard ear) throws InterruptedException {
        long at = ear.await(PATIENCE_SECONDS);
        return at == 0 ? TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS) : at - began;
    }

    private void talk(AtomicBoolean over) {
        try {
            while (!over.get()) {
                packet();
            }
        } catch (IOException e) {
            throw new IllegalStateException("The talker fell silent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        crowd.close();
        sockets.close();
        talker.close();
        for (TalkDevice listener : listeners) {
            listener.close();
        }
    }
}
