package org.conurb.warnings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.ConurbException;
import org.conurb.outbound.OutboundFailed;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundRefused;
import org.conurb.outbound.OutboundRequest;
import org.conurb.outbound.OutboundResponse;
import org.conurb.store.Transactions;
import org.conurb.warnings.WarningStore.Document;

/**
 * An Atom feed of warnings. An entry brings its message inside, by a link of type application/cap+xml to the same
 * server, or, as in an index of the US National Weather Service, by CAP's elements in the entry itself; taken in that
 * order, so that the fullest form is had. An unchanged feed costs one request without a body.
 */
final class FeedSource implements Source {
    static final String ENTRY = "application/atom+xml;type=entry";

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MOST_LINKS_A_ROUND = 50;
    private static final int MOST_FAILED_LINKS_A_ROUND = 3;
    private static final int MOST_REMEMBERED = 5_000;

    private final City.WarningSource configured;
    private final URI feed;
    private final OutboundHttp http;
    private final Transactions transactions;
    private final Warnings warnings;
    private final int maxBytes;
    private final Map<String, Boolean> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private Optional<String> etag = Optional.empty();
    private Optional<String> modified = Optional.empty();

    FeedSource(
            City.WarningSource configured,
            OutboundHttp http,
            Transactions transactions,
            Warnings warnings,
            int maxBytes) {
        this.configured = configured;
        this.feed = URI.create(configured.location());
        this.http = http;
        this.transactions = transactions;
        this.warnings = warnings;
        this.maxBytes = maxBytes;
    }

    @Override
    public City.WarningSource configured() {
        return configured;
    }

    @Override
    public SourceRound poll() {
        try {
            OutboundRequest request = OutboundRequest.get(feed)
                    .with("Accept", "application/atom+xml, application/xml;q=0.9")
                    .within(TIMEOUT)
                    .atMost(maxBytes);
            request = etag.isPresent() ? request.with("If-None-Match", etag.get()) : request;
            request = modified.isPresent() ? request.with("If-Modified-Since", modified.get()) : request;
            OutboundResponse response = http.send(request);
            if (response.status() == 304) {
                return SourceRound.NOTHING;
            }
            if (!response.ok()) {
                return SourceRound.failed("%s answered %d".formatted(feed, response.status()));
            }
            SourceRound round = takeAll(AtomFeed.read(response.body()));
            // Asked for anew while something is left: a 304 would hide it.
            etag = round.complete() ? response.header("etag") : Optional.empty();
            modified = round.complete() ? response.header("last-modified") : Optional.empty();
            return round;
        } catch (ConurbException e) {
            return SourceRound.failed("%s: %s".formatted(feed, e.detail()));
        }
    }

    private SourceRound takeAll(List<AtomEntry> entries) {
        SourceRound round = SourceRound.NOTHING;
        int links = 0;
        int failed = 0;
        for (AtomEntry entry : entries.reversed()) { // feeds have the newest first
            if (seen.containsKey(entry.version())) {
                continue;
            }
            boolean linked = entry.alert().isEmpty() && entry.capLink().isPresent();
            if (linked && (links == MOST_LINKS_A_ROUND || failed == MOST_FAILED_LINKS_A_ROUND)) {
                round = round.broken("%s: documents of some entries are fetched next time".formatted(feed));
                continue;
            }
            links += linked ? 1 : 0;
            try {
                round = round.took(take(entry));
                seen.put(entry.version(), true);
            } catch (OutboundFailed notNow) {
                failed++;
                round = round.broken("%s: %s".formatted(feed, notNow.detail()));
            } catch (CapRefused | OutboundRefused refused) {
                seen.put(entry.version(), true);
                round = round.refusing("%s: %s".formatted(feed, refused.detail()));
            }
        }
        return round;
    }

    private boolean take(AtomEntry entry) {
        try {
            if (entry.alert().isPresent()) {
                return takeCap(entry.alert().get().getBytes(UTF_8));
            }
            if (entry.capLink().isPresent()) {
                return takeCap(fetch(entry.capLink().get()));
            }
        } catch (CapRefused | OutboundRefused unusable) {
            if (!entry.warns()) {
                throw unusable;
            }
        }
        if (!entry.warns()) {
            throw CapRefused.entry(entry.id(), "there is no warning in it");
        }
        return take(entry.toAlert(), new Document(ENTRY, entry.xml().getBytes(UTF_8)), true);
    }

    private byte[] fetch(String link) {
        URI document;
        try {
            document = feed.resolve(link);
        } catch (IllegalArgumentException e) {
            throw CapRefused.entry(link, "its link is no URL");
        }
        boolean sameServer = document.getAuthority() != null
                && document.getScheme().equalsIgnoreCase(feed.getScheme())
                && document.getAuthority().equalsIgnoreCase(feed.getAuthority());
        if (!sameServer) {
            throw CapRefused.entry(link, "its document is on another server than the feed");
        }
        OutboundResponse response = http.send(OutboundRequest.get(document)
                .with("Accept", WarningController.CAP)
                .within(TIMEOUT)
                .atMost(CapReader.MAX_BYTES));
        if (!response.ok()) {
            throw CapRefused.entry(link, "its document was answered with %d".formatted(response.status()));
        }
        return response.body();
    }

    private boolean takeCap(byte[] document) {
        return take(CapReader.read(document), new Document(WarningController.CAP, document), false);
    }

    private boolean take(CapAlert alert, Document document, boolean renews) {
        Caller caller = Caller.system("warnings", configured.organisation());
        try {
            return transactions
                    .as(
                            List.of(configured.organisation()),
                            () -> warnings.take(caller, configured.organisation(), alert, document, renews))
                    .fresh();
        } catch (Conflict cameBeforeInOtherBytes) {
            return false; // by another way, or with other white space: the message itself is there
        }
    }
}
