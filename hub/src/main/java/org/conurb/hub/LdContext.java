package org.conurb.hub;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * A JSON-LD @context as far as NGSI-LD uses one: names and what they stand for, with the core context last, whose terms
 * nobody can redefine (GS CIM 009 clause 5.5.7). Compiled once and shared; immutable.
 */
final class LdContext {
    static final LdContext CORE = new LdContext(
            Map.of(), Json.mapper().getNodeFactory().stringNode(Names.CORE_CONTEXT), () -> Names.CORE_CONTEXT);

    private final Map<String, String> keptByTerm;
    private final Map<String, String> prefixes;
    private final Set<String> nothing;
    private final Map<String, String> termByKept;
    private final JsonNode source;
    private final Supplier<String> url;

    private LdContext(Map<String, LdTerms.Term> terms, JsonNode source, Supplier<String> url) {
        Map<String, String> kept = new HashMap<>();
        Map<String, String> beginnings = new HashMap<>();
        Set<String> unnamed = new HashSet<>();
        Map<String, String> inverse = new HashMap<>();
        terms.forEach((term, meaning) -> {
            String iri = meaning.iri();
            if (Names.isCoreTerm(term)) {
                return;
            }
            if (iri == null) {
                unnamed.add(term);
                return;
            }
            kept.put(term, Names.kept(iri));
            if (meaning.prefix()) {
                beginnings.put(term, iri);
            }
            inverse.merge(Names.kept(iri), term, (a, b) -> better(a, b, terms));
        });
        this.keptByTerm = Map.copyOf(kept);
        this.prefixes = Map.copyOf(beginnings);
        this.nothing = Set.copyOf(unnamed);
        this.termByKept = Map.copyOf(inverse);
        this.source = source;
        this.url = url;
    }

    /** Of several terms for one thing the one without conditions, else the shortest, else the first in the alphabet. */
    private static String better(String a, String b, Map<String, LdTerms.Term> terms) {
        LdTerms.Term first = terms.get(a);
        LdTerms.Term second = terms.get(b);
        if (first != null && second != null && first.plain() != second.plain()) {
            return first.plain() ? a : b;
        }
        return a.length() < b.length() || a.length() == b.length() && a.compareTo(b) < 0 ? a : b;
    }

    /**
     * Compiles an object, a URL, or a list of such.
     *
     * @param fetch finds the context that a URL names
     * @param url where the whole of it is served; asked only when it is told
     */
    static LdContext of(JsonNode context, Function<String, JsonNode> fetch, Supplier<String> url) {
        Map<String, LdTerms.Term> terms = new LdTerms(fetch).read(context).terms();
        return terms.isEmpty() ? CORE : new LdContext(terms, context, url);
    }

    /** The kept form of a name that came under this context. */
    String expand(String name) {
        if (Names.isCoreTerm(name)) {
            return name;
        }
        String kept = keptByTerm.get(name);
        if (kept != null) {
            return kept;
        }
        int colon = name.indexOf(':');
        if (colon >= 0) {
            String prefix = prefix(name.substring(0, colon));
            return Names.kept(
                    prefix != null && !name.startsWith("//", colon + 1) ? prefix + name.substring(colon + 1) : name);
        }
        if (nothing.contains(name)) {
            throw NgsiLdFault.badData(
                    "The @context says that %s names nothing.".formatted(name),
                    "Use another name, or give it an IRI in the @context.");
        }
        return name;
    }

    private @Nullable String prefix(String name) {
        String own = prefixes.get(name);
        return own == null ? Names.corePrefix(name) : own;
    }

    /** Whether a name before a colon stands for the beginning of an IRI (JSON-LD 1.1, section 4.4). */
    boolean isPrefix(String name) {
        return prefix(name) != null;
    }

    /** The name that a client with this context reads. */
    String compact(String kept) {
        if (this == CORE || Names.isCoreTerm(kept)) {
            return kept;
        }
        String term = termByKept.get(kept);
        if (term != null) {
            return term;
        }
        return keptByTerm.containsKey(kept) || nothing.contains(kept) ? Names.iri(kept) : kept;
    }

    /** What goes into a body as @context: the client's own, and the core. */
    JsonNode asSent() {
        if (this == CORE) {
            return source;
        }
        ArrayNode all = Json.mapper().createArrayNode();
        (source.isArray() ? source : List.of(source)).forEach(all::add);
        for (JsonNode one : all) {
            if (one.isString() && Names.isCoreContext(one.stringValue())) {
                return all;
            }
        }
        return all.add(Names.CORE_CONTEXT);
    }

    /** The value of a Link header that names this context. */
    String link() {
        return "<" + url.get() + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    }
}
