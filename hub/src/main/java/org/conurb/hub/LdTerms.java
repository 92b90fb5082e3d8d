package org.conurb.hub;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON-LD contexts one after the other, each over what the ones before defined (JSON-LD 1.1 API §4.1 and §4.2), as far
 * as names go: terms, prefixes and the vocabulary. What the standard forbids in a user's context (GS CIM 009 clause 5.5.7)
 * and what is no context is refused with the place of the fault. The core context adds nothing here, since its terms win
 * in any case. Used once, by one thread.
 */
final class LdTerms {
    private static final int MAX_TERMS = 20_000;
    private static final int MAX_DEPTH = 8;
    private static final int MAX_CHAIN = 50;
    private static final int MAX_IRI = 2_000;
    private static final String GEN_DELIMS = ":/?#[]@";
    private static final String NGSI_LD = "ngsi-ld:";
    private static final Set<String> DEFINITION = Set.of(
            "@id",
            "@reverse",
            "@container",
            "@context",
            "@direction",
            "@index",
            "@language",
            "@nest",
            "@prefix",
            "@protected",
            "@type");
    private static final Set<String> CONTAINERS =
            Set.of("@graph", "@id", "@index", "@language", "@list", "@set", "@type");

    /**
     * @param iri what the term stands for; null where it stands for nothing that can be named
     * @param prefix whether it may begin a compact IRI
     * @param plain whether its values have no form of their own, so that it names any attribute alike
     */
    record Term(@Nullable String iri, boolean prefix, boolean plain) {}

    private static final Term NOTHING = new Term(null, false, false);

    private final Function<String, JsonNode> fetch;
    private final Map<String, Term> terms = new HashMap<>();
    private final Deque<String> within = new ArrayDeque<>();
    private @Nullable String vocabulary;
    private int defining;

    /** @param fetch finds the context that a URL names */
    LdTerms(Function<String, JsonNode> fetch) {
        this.fetch = fetch;
    }

    Map<String, Term> terms() {
        return terms;
    }

    /** Takes in an object, a URL, or a list of such. */
    LdTerms read(JsonNode context) {
        if (context.isArray()) {
            for (JsonNode one : context) {
                if (one.isArray()) {
                    throw invalid("is a list in a list", "Send one list of objects and URLs.");
                }
                read(one);
            }
        } else if (context.isString()) {
            readRemote(context.stringValue());
        } else if (context.isNull()) {
            terms.clear();
            vocabulary = null;
        } else if (context instanceof ObjectNode local) {
            readLocal(local.has("@import") ? imported(local) : local);
        } else {
            throw invalid("is no object, URL, or list of such", "Send an object of terms and their IRIs.");
        }
        return this;
    }

    private void readRemote(String text) {
        if (Names.isCoreContext(text)) {
            return;
        }
        String url = resolved(text);
        if (within.contains(url)) {
            throw invalid("leads back to itself", "Take the circle out of it.");
        }
        if (within.size() >= MAX_DEPTH) {
            throw tooDeep();
        }
        JsonNode remote = fetch.apply(url);
        within.push(url);
        read(remote);
        within.pop();
    }

    private ObjectNode imported(ObjectNode local) {
        JsonNode url = local.path("@import");
        if (!url.isString()) {
            throw invalid("has an @import that is no URL", "Name one context.");
        }
        JsonNode remote = fetch.apply(resolved(url.stringValue()));
        if (!(remote instanceof ObjectNode base) || base.has("@import")) {
            throw invalid("imports what is no single object of terms", "Import a context that is one object.");
        }
        ObjectNode whole = base.deepCopy();
        whole.setAll(local);
        whole.remove("@import");
        return whole;
    }

    private String resolved(String text) {
        String base = within.peek();
        try {
            return base == null ? text : URI.create(base).resolve(text).toString();
        } catch (IllegalArgumentException noUri) {
            throw invalid("names %s, which is no URL".formatted(shown(text)), "Give an http or https URL.");
        }
    }

    private void readLocal(ObjectNode local) {
        if (terms.size() + local.size() > MAX_TERMS) {
            throw invalid("has more than %d terms".formatted(MAX_TERMS), "Send only the terms in use.");
        }
        JsonNode version = local.get("@version");
        if (version != null && !(version.isNumber() && version.doubleValue() == 1.1)) {
            throw invalid("has an @version that is not 1.1", "Leave @version out.");
        }
        JsonNode vocab = local.get("@vocab");
        if (vocab != null) {
            vocabulary = vocabulary(vocab, local);
        }
        Map<String, Boolean> defined = new HashMap<>();
        for (String term : local.propertyNames()) {
            if (!isKeyword(term)) {
                define(term, local, defined);
            }
        }
    }

    private @Nullable String vocabulary(JsonNode vocab, ObjectNode local) {
        if (vocab.isNull()) {
            return null;
        }
        String iri = vocab.isString() ? expand(vocab.stringValue(), local, new HashMap<>()) : null;
        if (iri == null || !Names.isIri(iri + "x")) {
            throw invalid("has an @vocab that is no IRI", "Give the IRI that unknown names begin with.");
        }
        return iri;
    }

    /** @param defined terms of this object, false while they are being read */
    private void define(String term, ObjectNode local, Map<String, Boolean> defined) {
        Boolean state = defined.get(term);
        if (state != null) {
            if (!state) {
                throw invalid("defines %s by itself".formatted(shown(term)), "Give the term an IRI.");
            }
            return;
        }
        if (term.isEmpty()) {
            throw invalid("has a term without a name", "Leave it out.");
        }
        if (++defining > MAX_CHAIN) {
            throw tooDeep();
        }
        defined.put(term, false);
        terms.remove(term);
        terms.put(term, term(term, local.path(term), local, defined));
        defined.put(term, true);
        defining--;
    }

    private Term term(String term, JsonNode value, ObjectNode local, Map<String, Boolean> defined) {
        if (value.isNull()) {
            return NOTHING;
        }
        if (value.isString()) {
            return term(term, value, true, true, local, defined);
        }
        if (!(value instanceof ObjectNode definition)) {
            throw invalid("has no IRI for %s".formatted(shown(term)), "Give its IRI as text, or as @id.");
        }
        demandDefinition(term, definition);
        if (definition.has("@reverse")) {
            return NOTHING;
        }
        boolean plain = !definition.has("@container") && !definition.has("@language") && !definition.has("@direction");
        JsonNode id = definition.get("@id");
        if (id != null && id.isNull()) {
            return NOTHING;
        }
        Term read = term(term, id, false, plain, local, defined);
        JsonNode prefix = definition.get("@prefix");
        return prefix == null ? read : new Term(read.iri, prefix.booleanValue(), plain);
    }

    private static void demandDefinition(String term, ObjectNode definition) {
        for (String member : definition.propertyNames()) {
            if (!DEFINITION.contains(member)) {
                throw invalid(
                        "has %s in the definition of %s".formatted(shown(member), shown(term)),
                        "A definition has @id, @type, @container and the like.");
            }
        }
        if (definition.has("@context")) {
            throw invalid(
                    "has a context within the term %s, which NGSI-LD forbids".formatted(shown(term)),
                    "Put its terms beside the others.");
        }
        JsonNode prefix = definition.get("@prefix");
        JsonNode type = definition.get("@type");
        if (prefix != null && !prefix.isBoolean() || type != null && !type.isString()) {
            throw invalid("defines %s wrongly".formatted(shown(term)), "@type is a name, @prefix true or false.");
        }
        JsonNode container = definition.get("@container");
        if (container != null) {
            for (JsonNode one : container.isArray() ? container : List.of(container)) {
                if (!one.isString() || !CONTAINERS.contains(one.stringValue())) {
                    throw invalid(
                            "has no such @container for %s".formatted(shown(term)), "Use @list, @set or @language.");
                }
            }
        }
    }

    /** @param id null where the definition leaves it to the term itself */
    private Term term(
            String term,
            @Nullable JsonNode id,
            boolean simple,
            boolean plain,
            ObjectNode local,
            Map<String, Boolean> defined) {
        String iri;
        if (id != null && !(id.isString() && id.stringValue().equals(term))) {
            if (!id.isString()) {
                throw invalid("has an @id of %s that is no text".formatted(shown(term)), "Give its IRI as text.");
            }
            iri = expand(id.stringValue(), local, defined);
            if (iri == null || isKeyword(iri)) {
                return NOTHING;
            }
            if (isCompact(term) && !isAlike(iri, ofItself(term, local, defined), term)) {
                throw invalid(
                        "gives %s another IRI than its own".formatted(shown(term)), "Use a term without : and /.");
            }
        } else {
            iri = ofItself(term, local, defined);
        }
        if (iri.startsWith(NGSI_LD)) {
            iri = Names.NGSI_LD + iri.substring(NGSI_LD.length());
        }
        if (iri.length() > MAX_IRI || !(Names.isIri(iri) || isPrefixIri(iri))) {
            throw invalid(
                    "gives %s no IRI".formatted(shown(term)),
                    "Write the IRI in full, with a prefix, or under an @vocab.");
        }
        boolean name = term.indexOf(':') < 0 && term.indexOf('/') < 0;
        return new Term(iri, name && simple && isPrefixIri(iri), plain);
    }

    /** The beginning of IRIs may end where an IRI must go on, as {@code urn:}. */
    private static boolean isPrefixIri(String iri) {
        return !iri.isEmpty() && GEN_DELIMS.indexOf(iri.charAt(iri.length() - 1)) >= 0 && Names.isIri(iri + "x");
    }

    private String ofItself(String term, ObjectNode local, Map<String, Boolean> defined) {
        int colon = term.indexOf(':', 1);
        if (colon > 0) {
            String prefix = term.substring(0, colon);
            if (local.has(prefix)) {
                define(prefix, local, defined);
            }
            Term known = terms.get(prefix);
            return known == null || known.iri == null ? term : known.iri + term.substring(colon + 1);
        }
        if (vocabulary == null) {
            throw invalid("gives %s no IRI".formatted(shown(term)), "Give its @id, or an @vocab to all.");
        }
        return vocabulary + term;
    }

    /** JSON-LD demands the same; published contexts have terms as {@code open311:type} whose prefix is none. */
    private static boolean isAlike(String iri, String ofItself, String term) {
        return iri.equals(ofItself) || ofItself.equals(term) && !term.startsWith("//", term.indexOf(':') + 1);
    }

    /** Whether a term looks like an IRI itself. */
    private static boolean isCompact(String term) {
        int colon = term.indexOf(':', 1);
        return colon > 0 && colon < term.length() - 1 || term.indexOf('/') >= 0;
    }

    /** What a name in a definition stands for; null for nothing (JSON-LD 1.1 API §5.2). */
    private @Nullable String expand(String value, ObjectNode local, Map<String, Boolean> defined) {
        if (isKeyword(value)) {
            return value;
        }
        if (local.has(value)) {
            define(value, local, defined);
        }
        Term known = terms.get(value);
        if (known != null) {
            return known.iri;
        }
        int colon = value.indexOf(':');
        if (colon > 0) {
            String prefix = value.substring(0, colon);
            if (prefix.equals("_") || value.startsWith("//", colon + 1)) {
                return value;
            }
            if (local.has(prefix)) {
                define(prefix, local, defined);
            }
            Term begins = terms.get(prefix);
            return begins != null && begins.iri != null && begins.prefix
                    ? begins.iri + value.substring(colon + 1)
                    : value;
        }
        return vocabulary == null ? value : vocabulary + value;
    }

    private static boolean isKeyword(String text) {
        return text.startsWith("@");
    }

    private static NgsiLdFault tooDeep() {
        return invalid("is nested too deep", "Send one object of terms.");
    }

    private static NgsiLdFault invalid(String fault, String remedy) {
        return NgsiLdFault.badData("The @context %s.".formatted(fault), remedy);
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
