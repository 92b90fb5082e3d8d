package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Finds the @context under which the names of a request stand (GS CIM 009 clause 6.3.5), compiled once for all requests
 * that name it. Safe for many threads.
 */
final class Contexts {
    private static final String CONTEXT_LINK = "http://www.w3.org/ns/json-ld#context";
    private static final Pattern LINK =
            Pattern.compile("<([^<>]{1,2000})>((?:\\s*+;\\s*+[^<>,;\"]++(?:\"[^\"<>]*+\")?)*)");
    private static final long MEMORY_CHARS = 16L << 20;
    private static final int LARGEST_INLINE = 64 << 10;

    private final ContextLibrary library;
    private final BoundedCache<String, Compiled> compiled = new BoundedCache<>(MEMORY_CHARS);
    private final AtomicLong generation = new AtomicLong();

    /** @param parts contexts from the library that it was made of */
    private record Compiled(LdContext context, List<ContextLibrary.Held> parts) {}

    Contexts(ContextLibrary library) {
        this.library = library;
        library.onChange(() -> {
            generation.incrementAndGet();
            compiled.clear();
        });
    }

    /** A request's JSON with its context, which is in the body or in a Link header, as the content type says. */
    LdBody body(HttpServletRequest request, byte @Nullable [] sent) {
        JsonNode json = parse(sent);
        JsonNode own = json.get("@context");
        if (!linked(request)) {
            if (own != null) {
                throw mixed();
            }
            return new LdBody(json, of(request));
        }
        if (linkOf(request) != null) {
            throw NgsiLdFault.badData(
                    "application/ld+json has its @context in the body, and there is a Link header too.",
                    "Send one of them.");
        }
        if (json.isArray()) {
            return new LdBody(json, LdContext.CORE);
        }
        return new LdBody(json, inside(request, own));
    }

    /** The context of one object of a list: what it has in it or, of plain JSON, that of the request. */
    LdContext ofItem(HttpServletRequest request, LdBody all, JsonNode one) {
        JsonNode own = one.get("@context");
        if (linked(request)) {
            return inside(request, own);
        }
        if (own != null) {
            throw mixed();
        }
        return all.context();
    }

    private LdContext inside(HttpServletRequest request, @Nullable JsonNode own) {
        if (own == null) {
            throw NgsiLdFault.badData(
                    "The body is application/ld+json and has no @context.",
                    "Send @context in it, or application/json.");
        }
        return of(here(request, own));
    }

    private static boolean linked(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/ld+json");
    }

    private static NgsiLdFault mixed() {
        return NgsiLdFault.badData(
                "The body has an @context and is not application/ld+json.",
                "Send Content-Type application/ld+json, or the context in a Link header.");
    }

    static JsonNode parse(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw NgsiLdFault.invalid("The request has no body.", "Send JSON.");
        }
        try {
            return Json.mapper().readTree(body);
        } catch (JacksonException e) {
            throw NgsiLdFault.invalid(
                    "The body is no JSON that is taken here, at line %d, column %d: %s"
                            .formatted(
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getLineNr(),
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getColumnNr(),
                                    e.getOriginalMessage()),
                    "Mend the JSON and send it again; at most %d levels, no member twice.".formatted(Json.MAX_DEPTH));
        }
    }

    /** The context that a Link header names, else the core. */
    LdContext of(HttpServletRequest request) {
        String url = linkOf(request);
        return url == null ? LdContext.CORE : of(Json.mapper().getNodeFactory().stringNode(here(request, url)));
    }

    /** The URL that a Link header names as context (JSON-LD 1.1 §6.2); null where none does. */
    private static @Nullable String linkOf(HttpServletRequest request) {
        if (request.getHeader("Link") == null) {
            return null;
        }
        String found = null;
        for (String header : Collections.list(request.getHeaders("Link"))) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (link.group(2).contains(CONTEXT_LINK)) {
                    if (found != null) {
                        throw NgsiLdFault.badData("Two Link headers name an @context.", "Send one.");
                    }
                    found = link.group(1).strip();
                }
            }
            if (header.contains(CONTEXT_LINK) && found == null) {
                throw NgsiLdFault.invalid(
                        "The Link header of the @context cannot be read.",
                        "Send <https://…>; rel=\"%s\"; type=\"application/ld+json\".".formatted(CONTEXT_LINK));
            }
        }
        return found;
    }

    /** An address of this very site, under whatever name the client knows it, without that name. */
    private static String here(HttpServletRequest request, String url) {
        String host = request.getHeader("Host");
        if (host == null || !url.contains(ContextLibrary.PATH)) {
            return url;
        }
        try {
            URI uri = URI.create(url);
            boolean ours = host.equalsIgnoreCase(uri.getRawAuthority())
                    && uri.getRawPath() != null
                    && uri.getRawPath().startsWith(ContextLibrary.PATH);
            return ours ? uri.getRawPath() : url;
        } catch (IllegalArgumentException noUri) {
            return url;
        }
    }

    private static JsonNode here(HttpServletRequest request, JsonNode context) {
        if (context.isString()) {
            return Json.mapper().getNodeFactory().stringNode(here(request, context.stringValue()));
        }
        if (!context.isArray()) {
            return context;
        }
        ArrayNode all = Json.mapper().createArrayNode();
        context.forEach(one -> all.add(one.isArray() ? one : here(request, one)));
        return all;
    }

    /** The context of a kept document with its own {@code @context}, else the core. */
    LdContext ofDocument(JsonNode document) {
        JsonNode own = document.get("@context");
        return own == null ? LdContext.CORE : of(own);
    }

    /**
     * The context that stands in a body: an object, a URL, or a list of such.
     *
     * @throws NgsiLdFault LdContextNotAvailable where one that it names cannot be had, BadRequestData where it is none
     */
    LdContext of(JsonNode context) {
        JsonNode asked = simplest(context);
        String key = asked.isString() ? asked.stringValue() : asked.toString();
        Compiled known = compiled.get(key);
        if (known != null) {
            known.parts.forEach(library::use);
            return known.context;
        }
        if (asked.isString() && Names.isCoreContext(key)) {
            return LdContext.CORE;
        }
        long before = generation.get();
        ContextLibrary.Reading reading = library.new Reading();
        LdContext made = LdContext.of(asked, reading, address(asked));
        if (generation.get() == before && (asked.isString() || key.length() <= LARGEST_INLINE)) {
            compiled.put(key, new Compiled(made, reading.found()), weight(key, reading.found()));
        }
        return made;
    }

    /** A list of one URL and the core context means that URL. */
    private static JsonNode simplest(JsonNode context) {
        if (!context.isArray()) {
            return context;
        }
        JsonNode only = null;
        for (JsonNode one : context) {
            if (one.isString() && Names.isCoreContext(one.stringValue())) {
                continue;
            }
            if (only != null || !one.isString()) {
                return context;
            }
            only = one;
        }
        return only == null ? LdContext.CORE.asSent() : only;
    }

    /** A URL as it is; what stood in a body gets one when somebody must be told. */
    private Supplier<String> address(JsonNode asked) {
        if (asked.isString()) {
            String url = library.address(asked.stringValue());
            return () -> url;
        }
        AtomicReference<@Nullable String> made = new AtomicReference<>();
        return () -> {
            String known = made.get();
            if (known == null) {
                known = library.made(asked);
                made.set(known);
            }
            return known;
        };
    }

    /** About what its names take in memory. */
    private static long weight(String key, List<ContextLibrary.Held> parts) {
        return 3L * key.length()
                + 3 * parts.stream().mapToLong(ContextLibrary.Held::length).sum();
    }
}
