package org.conurb.hub;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * A JSON-LD @context as far as NGSI-LD uses one: terms and prefixes, with the core context last, whose terms nobody can
 * redefine (GS CIM 009 clause 5.5.7). Compiled once for a request; immutable.
 */
final class LdContext {
    static final LdContext CORE = new LdContext(Map.of(), Optional.empty());

    private static final int MAX_TERMS = 10_000;
    private static final int MAX_DEPTH = 8;

    private final Map<String, String> keptByTerm;
    private final Map<String, String> termByKept;
    private final Optional<JsonNode> source;

    private LdContext(Map<String, String> keptByTerm, Optional<JsonNode> source) {
        this.keptByTerm = Map.copyOf(keptByTerm);
        this.source = source;
        Map<String, String> inverse = new HashMap<>();
        keptByTerm.forEach((term, kept) -> inverse.merge(
                kept,
                term,
                (a, b) -> a.length() < b.length() || a.length() == b.length() && a.compareTo(b) < 0 ? a : b));
        this.termByKept = Map.copyOf(inverse);
    }

    /** Reads an object, a core URL, or a list of such. */
    static LdContext of(JsonNode node) {
        Map<String, String> raw = new HashMap<>();
        collect(node, raw, 0);
        if (raw.isEmpty()) {
            return CORE;
        }
        Map<String, String> kept = new HashMap<>();
        raw.forEach((term, iri) -> {
            String expanded = expand(iri, raw, 0);
            if (!Names.isCoreTerm(term) && expanded != null) {
                kept.put(term, Names.kept(expanded));
            }
        });
        return new LdContext(kept, Optional.of(node));
    }

    private static void collect(JsonNode node, Map<String, String> raw, int depth) {
        if (depth > MAX_DEPTH) {
            throw NgsiLdFault.badData("@context is nested too deep.", "Send one object of terms.");
        }
        if (node.isString()) {
            if (!Names.isCoreContext(node.stringValue())) {
                throw NgsiLdFault.contextNotAvailable(node.stringValue());
            }
        } else if (node.isArray()) {
            node.forEach(part -> collect(part, raw, depth + 1));
        } else if (node.isObject()) {
            if (raw.size() + node.size() > MAX_TERMS) {
                throw NgsiLdFault.badData(
                        "@context has more than %d terms.".formatted(MAX_TERMS), "Send only the terms in use.");
            }
            node.properties().forEach(term -> collectTerm(term.getKey(), term.getValue(), raw));
        } else {
            throw NgsiLdFault.badData(
                    "@context is an object, a URL, or a list of such.", "Send an object of terms and their IRIs.");
        }
    }

    private static void collectTerm(String term, JsonNode value, Map<String, String> raw) {
        JsonNode id = value.isObject() ? value.get("@id") : value;
        if (id != null && id.isString() && !term.startsWith("@")) {
            raw.put(term, id.stringValue());
        } else if (!term.startsWith("@") && !value.isNull() && !value.isObject()) {
            throw NgsiLdFault.badData(
                    "The term %s of @context has no IRI.".formatted(term), "Give its IRI as text, or as @id.");
        }
    }

    /** An IRI written in full or with a prefix; null for a keyword, which names nothing. */
    private static @Nullable String expand(String text, Map<String, String> raw, int depth) {
        if (text.startsWith("@")) {
            return null;
        }
        int colon = text.indexOf(':');
        if (colon > 0 && !text.startsWith("//", colon + 1) && depth < MAX_DEPTH) {
            String prefix = raw.get(text.substring(0, colon));
            if (prefix != null && !prefix.equals(text)) {
                String base = expand(prefix, raw, depth + 1);
                return base == null ? null : base + text.substring(colon + 1);
            }
            if (text.startsWith("ngsi-ld:")) {
                return "https://uri.etsi.org/ngsi-ld/" + text.substring(colon + 1);
            }
        }
        if (colon < 0) {
            String other = raw.get(text);
            return other != null && !other.equals(text) && depth < MAX_DEPTH
                    ? expand(other, raw, depth + 1)
                    : Names.iri(text);
        }
        return text;
    }

    /** The kept form of a name that came under this context. */
    String expand(String name) {
        String kept = keptByTerm.get(name);
        if (kept != null) {
            return kept;
        }
        int colon = name.indexOf(':');
        if (colon < 0) {
            return name;
        }
        String prefix = keptByTerm.get(name.substring(0, colon));
        if (prefix != null && !name.startsWith("//", colon + 1)) {
            return Names.kept(Names.iri(prefix) + name.substring(colon + 1));
        }
        return Names.kept(name);
    }

    /** Whether a name before a colon stands for the beginning of an IRI (JSON-LD 1.1, section 4.4). */
    boolean isPrefix(String name) {
        String kept = keptByTerm.get(name);
        return kept != null && ":/?#[]@".indexOf(kept.charAt(kept.length() - 1)) >= 0;
    }

    /** The name that a client with this context reads. */
    String compact(String kept) {
        if (this == CORE) {
            return kept;
        }
        String term = termByKept.get(kept);
        if (term != null) {
            return term;
        }
        return keptByTerm.containsKey(kept) ? Names.iri(kept) : kept;
    }

    /** What goes into a body as @context: the client's own, and the core. */
    JsonNode asSent() {
        JsonNode core = Json.mapper().getNodeFactory().stringNode(Names.CORE_CONTEXT);
        if (source.isEmpty()) {
            return core;
        }
        JsonNode own = source.get();
        ArrayNode all = Json.mapper().createArrayNode();
        (own.isArray() ? own : List.of(own)).forEach(all::add);
        for (JsonNode one : all) {
            if (one.isString() && Names.isCoreContext(one.stringValue())) {
                return all;
            }
        }
        return all.add(core);
    }

    /** The value of a Link header that names this context. */
    String link() {
        return "<" + Names.CORE_CONTEXT
                + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    }
}
