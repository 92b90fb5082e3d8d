package org.conurb.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundRequest;
import org.conurb.outbound.OutboundResponse;
import org.conurb.store.Transactions;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Gets @contexts from elsewhere, within bounds of time, size and place, and keeps copies of them. */
final class ContextFetch {
    /** Of one document. */
    static final int MAX_BYTES = 1_000_000;

    private static final Duration LEAST = Duration.ofMinutes(5);
    private static final Duration MOST = Duration.ofDays(30);
    private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[\\s,])max-age=(\\d{1,9})(?:[\\s,]|$)");

    private final Transactions transactions;
    private final ContextStore store;
    private final OutboundHttp outbound;
    private final ContextSettings settings;
    private final Clock clock;
    private final Ids ids;

    ContextFetch(Transactions transactions, OutboundHttp outbound, ContextSettings settings, Clock clock, Ids ids) {
        this.transactions = transactions;
        this.store = new ContextStore(transactions);
        this.outbound = outbound;
        this.settings = settings;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Fetches it; outside transactions.
     *
     * @throws NgsiLdFault LdContextNotAvailable where it cannot be had, BadRequestData where what comes is no document
     *     with a context
     */
    ContextRow copied(String url) {
        return keep(url, get(url));
    }

    /** The same once more, where what is no valid context leaves the copy before in its place. */
    ContextRow renewed(String url, Function<String, JsonNode> others) {
        Fetched fetched = get(url);
        new LdTerms(named -> named.equals(url) ? fetched.context() : others.apply(named))
                .read(Json.mapper().getNodeFactory().stringNode(url));
        return keep(url, fetched);
    }

    private ContextRow keep(String url, Fetched fetched) {
        Instant now = clock.instant();
        ContextRow row = new ContextRow(
                Ids.urn("LdContext", ids.next()),
                ContextRow.Kind.CACHED,
                Optional.empty(),
                Optional.of(url),
                fetched.context().toString(),
                now,
                Optional.of(fetched.expiresAt()),
                now,
                0);
        return transactions.asSystem(() -> {
            store.put(row);
            store.evict(ContextRow.Kind.CACHED, settings.maxKept());
            return store.find(url).orElse(row);
        });
    }

    /** @param expiresAt when its server wants it fetched again, or we do */
    private record Fetched(JsonNode context, Instant expiresAt) {}

    private Fetched get(String url) {
        OutboundResponse response;
        try {
            response = outbound.send(OutboundRequest.get(uri(url))
                    .with("Accept", "application/ld+json, application/json;q=0.9, */*;q=0.1")
                    .within(settings.timeout())
                    .atMost(MAX_BYTES));
        } catch (ConurbException failed) {
            throw failed instanceof NgsiLdFault fault ? fault : NgsiLdFault.contextNotAvailable(url, failed.detail());
        }
        if (!response.ok()) {
            throw NgsiLdFault.contextNotAvailable(url, "Its server answered %d.".formatted(response.status()));
        }
        return new Fetched(context(url, response.body()), clock.instant().plus(age(response)));
    }

    private static URI uri(String url) {
        try {
            if (url.length() <= 2_000 && (url.startsWith("http://") || url.startsWith("https://"))) {
                return new URI(url);
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw NgsiLdFault.badData(
                "The @context %s is no URL that can be called.".formatted(shown(url)), "Give an http or https URL.");
    }

    private static JsonNode context(String url, byte[] body) {
        try {
            JsonNode context = Json.mapper().readTree(body).get("@context");
            if (context != null) {
                return context;
            }
        } catch (JacksonException noJson) {
            // told below
        }
        throw NgsiLdFault.badData(
                "What is at %s is no JSON object with an @context.".formatted(shown(url)),
                "Name the document that holds the context.");
    }

    private Duration age(OutboundResponse response) {
        String told = response.header("cache-control").orElse("");
        Matcher age = MAX_AGE.matcher(told);
        Duration asked = age.find()
                ? Duration.ofSeconds(Long.parseLong(age.group(1)))
                : told.contains("no-cache") || told.contains("no-store") ? LEAST : settings.keep();
        return asked.compareTo(LEAST) < 0 ? LEAST : asked.compareTo(MOST) > 0 ? MOST : asked;
    }

    private static String shown(String url) {
        return url.length() > 200 ? url.substring(0, 200) + "…" : url;
    }
}
