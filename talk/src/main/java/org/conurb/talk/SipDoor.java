package org.conurb.talk;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of SIP phones (RFC 3261): they register, call groups and people, are called. All signalling is decided on one
 * thread, {@code talk-sip}; sockets are read on others. Who has not shown who it is gets stateless answers only, which cost a
 * bound of work a second and peer, and no memory.
 */
final class SipDoor implements AutoCloseable {
    static final String ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, INFO, UPDATE";
    private static final Logger LOG = LoggerFactory.getLogger(SipDoor.class);
    private static final int MOST_WAITING = 1_024;
    private static final long SWEEP_SECONDS = 5;
    private static final int SHORTEST = 60;
    private static final int USUAL = 300;
    private static final int LONGEST = 600;

    /**
     * @param site name of it, which is the realm
     * @param published by which address phones reach it, where that is not the machine's own
     * @param t1 estimate of a round trip, 500 ms by the standard
     */
    record Place(
            InetAddress listen,
            int port,
            int tlsPort,
            Optional<SSLContext> tls,
            Optional<InetAddress> published,
            String site,
            Duration t1) {}

    private final Place place;
    private final ControllingFunction site;
    private final Participants participants;
    private final SipCredentials credentials;
    private final Clock clock;
    private final RandomGenerator random;
    private final SipDigest digest;
    private final SipSockets sockets;
    private final SipMedia media;
    private final SipTransactions transactions;
    private final SipCalls calls;
    private final SipThrottle peers;
    private final SipThrottle strangers;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder verified = new LongAdder();

    /** Of the SIP thread. By user name. */
    private final Map<String, SipDevice> devices = new HashMap<>();

    SipDoor(
            Place place,
            ControllingFunction site,
            Participants participants,
            SipCredentials credentials,
            SipMedia media,
            Clock clock,
            RandomGenerator random)
            throws IOException {
        this.place = place;
        this.site = site;
        this.participants = participants;
        this.credentials = credentials;
        this.clock = clock;
        this.random = random;
        this.media = media;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("talk-sip").factory());
        thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.digest = new SipDigest(place.site(), clock, random);
        this.transactions = new SipTransactions(thread, place.t1(), random);
        this.calls = new SipCalls(this, site, participants, media, transactions);
        this.peers = new SipThrottle(400, 800, System::nanoTime);
        this.strangers = new SipThrottle(10, 60, System::nanoTime);
        this.sockets = new SipSockets(place.listen(), place.port(), place.tlsPort(), place.tls(), this::received);
    }

    void start() {
        media.start();
        sockets.start();
        thread.scheduleWithFixedDelay(() -> guarded(this::sweep), SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    int port() {
        return sockets.port();
    }

    int tlsPort() {
        return sockets.tlsPort();
    }

    Place place() {
        return place;
    }

    // ---- what comes

    /** On the reader's thread: not more of one peer than it may send, and not more than waits. */
    private void received(SipFlow flow, byte[] octets) {
        if (!peers.take(flow.remote().getAddress()) || waiting.get() >= MOST_WAITING) {
            dropped.increment();
            return;
        }
        waiting.incrementAndGet();
        post(() -> {
            waiting.decrementAndGet();
            handle(flow, octets);
        });
    }

    /** A failure of one message is none of the others. */
    void post(Runnable task) {
        if (!thread.isShutdown()) {
            thread.execute(() -> guarded(task));
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("talk.sip.failed");
        }
    }

    private void handle(SipFlow flow, byte[] octets) {
        SipMessage message;
        try {
            message = SipMessage.read(octets);
        } catch (SipFailure nonsense) {
            dropped.increment();
            if (flow.isReliable()) {
                flow.close();
            }
            return;
        }
        try {
            message.check();
            if (message.isRequest()) {
                message.set("via", SipVia.received(message.top("via"), flow.remote()));
                request(message, flow);
            } else {
                if (!transactions.answered(message, flow)) {
                    calls.answered(message);
                }
            }
        } catch (SipFailure failure) {
            if (message.isRequest()
                    && !message.method().equals("ACK")
                    && message.one("via").isPresent()) {
                refuse(message, flow, failure.status(), failure.phrase());
            }
        }
    }

    /** An answer that leaves no trace here. */
    void refuse(SipMessage request, SipFlow flow, int status, String phrase) {
        if (flow.isReliable() || strangers.take(flow.remote().getAddress())) {
            SipMessage response = tagged(SipMessage.response(request, status, phrase));
            if (status == 405) {
                response.add("allow", ALLOW);
            }
            flow.send(response.octets());
        }
    }

    /** With a tag of ours at To, as all but 100 have. */
    SipMessage tagged(SipMessage response) {
        String to = response.top("to");
        return to.contains(";tag=") ? response : response.set("to", to + ";tag=" + token());
    }

    String token() {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    long number() {
        return random.nextInt() & 0x7FFF_FFFFL;
    }

    private void request(SipMessage request, SipFlow flow) throws SipFailure {
        String method = request.method();
        if (method.equals("ACK")) {
            SipTransactions.Server refused = transactions.invite(request);
            if (refused != null) {
                refused.acknowledged();
            }
            calls.acknowledged(request);
            return;
        }
        if (method.equals("CANCEL")) {
            calls.cancel(request, flow);
            return;
        }
        if (transactions.isRepeated(request)) {
            return;
        }
        if (request.to().parameters().containsKey("tag")) {
            calls.inDialog(request, flow);
            return;
        }
        switch (method) {
            case "OPTIONS" -> {
                if (strangers.take(flow.remote().getAddress())) {
                    flow.send(tagged(SipMessage.response(request, 200, "OK"))
                            .add("allow", ALLOW)
                            .add("accept", SipSdp.TYPE)
                            .octets());
                }
            }
            case "REGISTER", "INVITE" -> {
                Optional<SipAccount> account = signedIn(request, flow);
                if (account.isPresent()) {
                    demandNothing(request);
                    if (method.equals("REGISTER")) {
                        register(request, flow, account.get());
                    } else {
                        invite(request, flow, account.get());
                    }
                }
            }
            default -> throw new SipFailure(405, "Method Not Allowed");
        }
    }

    private static void demandNothing(SipMessage request) throws SipFailure {
        if (request.one("require").isPresent()) {
            throw new SipFailure(420, "Bad Extension");
        }
    }

    // ---- who it is

    /** Answers with a challenge where it has not shown that. */
    Optional<SipAccount> signedIn(SipMessage request, SipFlow flow) throws SipFailure {
        InetAddress peer = flow.remote().getAddress();
        if (!strangers.take(peer)) {
            dropped.increment();
            return Optional.empty();
        }
        boolean stale = false;
        if (SipDigest.hasCredentials(request)) {
            verified.increment();
            switch (digest.verify(
                    request, username -> credentials.find(username).map(SipCredentials.Login::secret))) {
                case SipDigest.Outcome.Accepted accepted -> {
                    strangers.giveBack(peer, 2);
                    flow.trust();
                    return credentials.find(accepted.username()).map(SipCredentials.Login::account);
                }
                case SipDigest.Outcome.Refused refused -> {
                    stale = refused.stale();
                    if (!stale) {
                        LOG.atInfo().addKeyValue("peer", peer.getHostAddress()).log("talk.sip.refused");
                    }
                }
            }
        }
        SipMessage response = tagged(SipMessage.response(request, 401, "Unauthorized"));
        digest.challenge(response, stale, request.from().uri().user());
        flow.send(response.octets());
        return Optional.empty();
    }

    // ---- registering (RFC 3261 10.3)

    private void register(SipMessage request, SipFlow flow, SipAccount account) throws SipFailure {
        if (!request.to().uri().user().equals(account.username())) {
            throw new SipFailure(403, "Forbidden");
        }
        SipDevice.Binding wanted = wanted(request, flow);
        SipDevice known = devices.get(account.username());
        SipDevice.Binding before = known == null ? null : known.binding();
        if (before != null && before.callId().equals(request.top("call-id")) && request.cseq() <= before.cseq()) {
            throw new SipFailure(500, "Out of Order");
        }
        SipTransactions.Server server = transactions.begin(request, flow);
        if (wanted == null) {
            registered(server, before);
        } else if (wanted.until() <= clock.millis()) {
            if (known != null) {
                known.bind(null);
                leaveUnlessUsed(known);
            }
            registered(server, null);
        } else {
            connected(account, server, device -> {
                device.bind(wanted);
                registered(server, wanted);
            });
        }
    }

    private SipDevice.@org.jspecify.annotations.Nullable Binding wanted(SipMessage request, SipFlow flow)
            throws SipFailure {
        List<String> contacts = request.all("contact");
        if (contacts.isEmpty()) {
            return null;
        }
        if (contacts.getFirst().equals("*")) {
            if (contacts.size() > 1 || !request.top("expires").equals("0")) {
                throw new SipFailure(400, "Bad Contact");
            }
            return new SipDevice.Binding(request.to().uri(), flow, "", 0, 0);
        }
        SipAddress contact = SipAddress.read(contacts.getLast());
        Optional<String> asked = contact.parameter("expires").or(() -> request.one("expires"));
        int seconds = asked.isEmpty() ? USUAL : SipMessage.number(asked.get(), Integer.MAX_VALUE);
        if (seconds > 0 && seconds < SHORTEST) {
            throw new SipFailure(423, "Interval Too Brief");
        }
        long until = seconds == 0 ? 0 : clock.millis() + Math.min(seconds, LONGEST) * 1_000L;
        return new SipDevice.Binding(contact.uri(), flow, request.top("call-id"), request.cseq(), until);
    }

    private void registered(
            SipTransactions.Server server, SipDevice.@org.jspecify.annotations.Nullable Binding binding) {
        SipMessage response = tagged(SipMessage.response(server.request(), 200, "OK"));
        if (binding != null) {
            long left = (binding.until() - clock.millis() + 999) / 1_000;
            response.add("contact", "<%s>;expires=%d".formatted(binding.contact(), left));
        }
        server.respond(response);
    }

    /** @param then with the device, once calls know of it */
    private void connected(
            SipAccount account, SipTransactions.Server server, java.util.function.Consumer<SipDevice> then) {
        Optional<Participant> participant = participants.find(account.participant());
        SipDevice known = devices.get(account.username());
        if (participant.isEmpty() || devices.size() >= SipThrottle.MOST) {
            server.respond(tagged(SipMessage.response(server.request(), 403, "Forbidden")));
            return;
        }
        if (known != null && known.client().participant().equals(participant.get())) {
            then.accept(known);
            return;
        }
        if (known != null) {
            drop(account.username()); // another sits there now
        }
        SipClient client = new SipClient("sip-" + account.username(), participant.get(), this::told);
        SipDevice device = new SipDevice(account, client);
        devices.put(account.username(), device);
        var unused = site.connect(client)
                .thenAccept(taken -> post(() -> {
                    if (taken && devices.get(account.username()) == device) {
                        then.accept(device);
                    } else {
                        devices.remove(account.username(), device);
                        server.respond(tagged(SipMessage.response(server.request(), 403, "Too Many Devices")));
                    }
                }));
    }

    private void invite(SipMessage request, SipFlow flow, SipAccount account) throws SipFailure {
        SipTransactions.Server server = transactions.begin(request, flow);
        server.respond(SipMessage.response(request, 100, "Trying"));
        connected(account, server, device -> {
            try {
                calls.begin(device, server);
            } catch (SipFailure failure) {
                server.respond(tagged(SipMessage.response(request, failure.status(), failure.phrase())));
                leaveUnlessUsed(device);
            }
        });
    }

    /** The one whose notice it is, if it is still there. */
    private void told(SipClient client, TalkNotice notice) {
        post(() -> devices.values().stream()
                .filter(device -> device.client() == client)
                .findFirst()
                .ifPresent(device -> calls.told(device, notice)));
    }

    /** It neither is registered nor has a call. */
    void leaveUnlessUsed(SipDevice device) {
        if (device.binding() == null && device.call() == null) {
            devices.remove(device.account().username(), device);
            site.disconnect(device.client());
        }
    }

    /** An account is no more: its call ends, it is reached no longer. */
    void forget(String username) {
        post(() -> drop(username));
    }

    private void drop(String username) {
        SipDevice device = devices.get(username);
        if (device != null) {
            device.bind(null);
            calls.end(device);
            leaveUnlessUsed(device);
        }
    }

    private void sweep() {
        sockets.sweep();
        long now = clock.millis();
        for (SipDevice device : List.copyOf(devices.values())) {
            SipDevice.Binding binding = device.binding();
            if (binding != null && (binding.until() <= now || !binding.flow().isOpen())) {
                device.bind(null);
                leaveUnlessUsed(device);
            }
        }
        calls.sweep(List.copyOf(devices.values()));
    }

    // ---- where we are

    /** By which address that peer reaches us. */
    InetAddress own(InetSocketAddress peer) {
        if (place.published().isPresent() && !peer.getAddress().isLoopbackAddress()) {
            return place.published().get();
        }
        if (!place.listen().isAnyLocalAddress()) {
            return place.listen();
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(peer);
            return socket.getLocalAddress();
        } catch (SocketException unreachable) {
            return place.listen();
        }
    }

    /** Our Contact for that flow. */
    String contact(SipFlow flow) {
        InetAddress own = own(flow.remote());
        String host = own.getAddress().length == 4 ? own.getHostAddress() : "[" + own.getHostAddress() + "]";
        return switch (flow.transport()) {
            case "TLS" -> "<sips:%s:%d>".formatted(host, tlsPort());
            case "TCP" -> "<sip:%s:%d;transport=tcp>".formatted(host, port());
            default -> "<sip:%s:%d>".formatted(host, port());
        };
    }

    String via(SipFlow flow) {
        InetAddress own = own(flow.remote());
        String host = own.getAddress().length == 4 ? own.getHostAddress() : "[" + own.getHostAddress() + "]";
        int from = flow.transport().equals("TLS") ? tlsPort() : port();
        return "SIP/2.0/%s %s:%d;branch=%s;rport".formatted(flow.transport(), host, from, transactions.branch());
    }

    // ---- figures

    /** Messages that were not looked at, or were none. */
    long dropped() {
        return dropped.sum();
    }

    /** Digests that were computed. */
    long verified() {
        return verified.sum();
    }

    /** Registered or in a call; and transactions, connections and calls. For those who look after it, from any thread. */
    record Size(int devices, int transactions, int connections, int ports) {}

    Size size() {
        try {
            return thread.submit(
                            () -> new Size(devices.size(), transactions.size(), sockets.connections(), media.calls()))
                    .get(5, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped", stopped);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("The SIP thread does not answer", e);
        }
    }

    @Override
    public void close() {
        sockets.close();
        thread.shutdownNow();
        media.close();
        media.voices().close();
    }
}
