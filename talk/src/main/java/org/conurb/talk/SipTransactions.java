package org.conurb.talk;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for answers, and answers that may be asked for again (RFC 3261 17). Confined to the thread of its
 * timers. Only requests of peers that have shown who they are get a transaction here, and those are {@link #MOST} at most.
 */
final class SipTransactions {
    static final int MOST = 8_192;
    private static final int T2 = 8;

    private final ScheduledExecutorService timers;
    private final long t1;
    private final RandomGenerator random;
    private final Map<String, Server> servers = new HashMap<>();
    private final Map<String, Client> clients = new HashMap<>();

    /** @param t1 estimate of a round trip: 500 ms by the standard */
    SipTransactions(ScheduledExecutorService timers, Duration t1, RandomGenerator random) {
        this.timers = timers;
        this.t1 = t1.toMillis();
        this.random = random;
    }

    private static String key(SipMessage request, String method) throws SipFailure {
        SipVia via = SipVia.read(request.top("via"));
        String branch = via.branch();
        // Without the cookie it is of RFC 2543: told apart by all that stays the same in its repetitions.
        return branch.startsWith(SipMessage.COOKIE)
                ? String.join(" ", branch, via.sentBy(), method)
                : String.join(
                        " ", request.top("call-id"), request.top("from"), request.cseq() + "", via.sentBy(), method);
    }

    /** One request that we answer. */
    final class Server {
        private final String key;
        private final SipMessage request;
        private final SipFlow flow;
        private byte @Nullable [] last;
        private boolean answered;
        private boolean acknowledged;
        private @Nullable Runnable lost;

        Server(String key, SipMessage request, SipFlow flow) {
            this.key = key;
            this.request = request;
            this.flow = flow;
        }

        SipMessage request() {
            return request;
        }

        SipFlow flow() {
            return flow;
        }

        boolean isAnswered() {
            return answered;
        }

        void respond(SipMessage response) {
            if (answered) {
                return;
            }
            byte[] octets = response.octets();
            last = octets;
            flow.send(octets);
            if (response.status() >= 200) {
                answered = true;
                timers.schedule(this::end, 64 * t1, TimeUnit.MILLISECONDS);
                if (request.method().equals("INVITE") && (response.status() < 300 || !flow.isReliable())) {
                    repeat(1);
                }
            }
        }

        private void repeat(int times) {
            timers.schedule(
                    () -> {
                        byte[] octets = last;
                        if (!acknowledged && servers.get(key) == this && octets != null) {
                            flow.send(octets);
                            repeat(Math.min(T2, times * 2));
                        }
                    },
                    times * t1,
                    TimeUnit.MILLISECONDS);
        }

        private void end() {
            servers.remove(key);
            Runnable told = lost;
            if (!acknowledged && told != null) {
                told.run();
            }
        }

        /** Told where no ACK came in time. */
        void onLost(Runnable listener) {
            lost = listener;
        }

        void acknowledged() {
            acknowledged = true;
        }
    }

    /** Whether the request is a repetition; it has got its last answer again then. */
    boolean isRepeated(SipMessage request) throws SipFailure {
        Server known = servers.get(key(request, request.method()));
        if (known != null && known.last != null) {
            known.flow.send(known.last);
        }
        return known != null;
    }

    /** @throws SipFailure 503 where there are too many */
    Server begin(SipMessage request, SipFlow flow) throws SipFailure {
        if (servers.size() >= MOST) {
            throw new SipFailure(503, "Service Unavailable");
        }
        String key = key(request, request.method());
        Server server = new Server(key, request, flow);
        servers.put(key, server);
        return server;
    }

    /** The INVITE that an ACK or CANCEL is about. */
    @Nullable
    Server invite(SipMessage about) throws SipFailure {
        return servers.get(key(about, "INVITE"));
    }

    /** One request of ours. */
    private final class Client {
        private final SipMessage request;
        private final SipFlow flow;
        private final Consumer<SipMessage> answers;
        private @Nullable ScheduledFuture<?> timeout;
        private boolean proceeding;

        Client(SipMessage request, SipFlow flow, Consumer<SipMessage> answers) {
            this.request = request;
            this.flow = flow;
            this.answers = answers;
        }
    }

    /** A branch for a request of ours. */
    String branch() {
        return SipMessage.COOKIE + "%016x".formatted(random.nextLong());
    }

    /** @param answers told of each response; of a 408 of our own making where none comes */
    void send(SipMessage request, SipFlow flow, Consumer<SipMessage> answers) throws SipFailure {
        String key = SipVia.read(request.top("via")).branch() + ' ' + request.method();
        Client client = new Client(request, flow, answers);
        clients.put(key, client);
        flow.send(request.octets());
        client.timeout = timers.schedule(() -> over(key, client), 64 * t1, TimeUnit.MILLISECONDS);
        if (!flow.isReliable()) {
            repeat(key, client, 1);
        }
    }

    private void repeat(String key, Client client, int times) {
        timers.schedule(
                () -> {
                    if (clients.get(key) == client && !client.proceeding) {
                        client.flow.send(client.request.octets());
                        repeat(key, client, Math.min(T2, times * 2));
                    }
                },
                times * t1,
                TimeUnit.MILLISECONDS);
    }

    private void over(String key, Client client) {
        if (clients.remove(key, client)) {
            client.answers.accept(SipMessage.response(client.request, 408, "Request Timeout"));
        }
    }

    /**
     * A response of the peer at the end of that flow.
     *
     * @return false where it answers nothing that waits, or is another's
     */
    boolean answered(SipMessage response, SipFlow from) throws SipFailure {
        String key = SipVia.read(response.top("via")).branch() + ' ' + response.cseqMethod();
        Client client = clients.get(key);
        if (client == null || !client.flow.remote().equals(from.remote())) {
            return false;
        }
        if (response.status() < 200) {
            client.proceeding = true;
            ScheduledFuture<?> timeout = client.timeout;
            if (timeout != null && client.request.method().equals("INVITE")) {
                timeout.cancel(false); // it rings; who called gives up by CANCEL
                client.timeout = timers.schedule(() -> over(key, client), 180, TimeUnit.SECONDS);
            }
        } else {
            clients.remove(key);
            ScheduledFuture<?> timeout = client.timeout;
            if (timeout != null) {
                timeout.cancel(false);
            }
            if (client.request.method().equals("INVITE") && response.status() >= 300) {
                client.flow.send(acknowledgement(client.request, response).octets());
            }
        }
        client.answers.accept(response);
        return true;
    }

    /** Of a refusal: part of the transaction (RFC 3261 17.1.1.3). */
    private static SipMessage acknowledgement(SipMessage invite, SipMessage refusal) throws SipFailure {
        return SipMessage.request("ACK", invite.uri())
                .add("via", invite.top("via"))
                .add("max-forwards", "70")
                .add("from", invite.top("from"))
                .add("to", refusal.top("to"))
                .add("call-id", invite.top("call-id"))
                .add("cseq", invite.cseq() + " ACK");
    }

    /** How many are kept. */
    int size() {
        return servers.size() + clients.size();
    }
}
