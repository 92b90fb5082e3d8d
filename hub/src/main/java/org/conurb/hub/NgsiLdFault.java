package org.conurb.hub;

import java.util.Arrays;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.jspecify.annotations.Nullable;

/** A failure that NGSI-LD has a type for (GS CIM 009 clause 5.5.2). */
final class NgsiLdFault extends ConurbException {
    static final String TYPES = "https://uri.etsi.org/ngsi-ld/errors/";

    private final String type;

    private NgsiLdFault(Category category, String type, String detail, String remedy, @Nullable Throwable cause) {
        super(category, type, detail, remedy, cause);
        this.type = TYPES + type;
    }

    /** The problem's type, a URI. */
    String type() {
        return type;
    }

    /** What came can be read and means nothing allowed. */
    static NgsiLdFault badData(String detail, String remedy) {
        return new NgsiLdFault(Category.REQUEST, "BadRequestData", detail, remedy, null);
    }

    /** What came cannot be read. */
    static NgsiLdFault invalid(String detail, String remedy) {
        return new NgsiLdFault(Category.REQUEST, "InvalidRequest", detail, remedy, null);
    }

    static NgsiLdFault taken(String what, String id) {
        return new NgsiLdFault(
                Category.CONFLICT,
                "AlreadyExists",
                "The id %s is taken.".formatted(id),
                "Use another id, or change the %s that has it.".formatted(what),
                null);
    }

    /** It contradicts what is there (clause 5.9.2.4). */
    static NgsiLdFault conflict(String detail, String remedy) {
        return new NgsiLdFault(Category.CONFLICT, "Conflict", detail, remedy, null);
    }

    static NgsiLdFault absent(String what, String id) {
        return new NgsiLdFault(
                Category.ABSENT,
                "ResourceNotFound",
                "There is no %s %s here.".formatted(what, id),
                "Check the id. It may belong to an organisation that shares nothing with yours.",
                null);
    }

    static NgsiLdFault nonexistentTenant(String name) {
        return new NgsiLdFault(
                Category.ABSENT,
                "NonexistentTenant",
                "There is no tenant %s.".formatted(name),
                "Have an administrator make it with POST /api/hub/tenants, or leave NGSILD-Tenant out for the default one.",
                null);
    }

    static NgsiLdFault unsupported(String detail, String remedy) {
        return new NgsiLdFault(Category.CONTRADICTION, "OperationNotSupported", detail, remedy, null);
    }

    static NgsiLdFault tooManyResults(String detail, String remedy) {
        return new NgsiLdFault(Category.DENIED, "TooManyResults", detail, remedy, null);
    }

    /** Finding the answer would cost more than any question may. */
    static NgsiLdFault tooComplexQuery(String detail, String remedy) {
        return new NgsiLdFault(Category.DENIED, "TooComplexQuery", detail, remedy, null);
    }

    static NgsiLdFault notAcceptable(String accept, AnswerType... offered) {
        String shown = accept.length() > 60 ? accept.substring(0, 60) + "…" : accept;
        return new NgsiLdFault(
                Category.NOT_ACCEPTABLE,
                "InvalidRequest",
                "There is no answer here that is %s.".formatted(shown),
                "Accept one of %s."
                        .formatted(String.join(
                                ", ",
                                Arrays.stream(offered)
                                        .map(AnswerType::mediaType)
                                        .toList())),
                null);
    }

    /** An @context that another server has, and which cannot be had from there now. */
    static NgsiLdFault contextNotAvailable(String url, String reason) {
        return new NgsiLdFault(
                Category.UPSTREAM,
                "LdContextNotAvailable",
                "The @context %s cannot be had: %s"
                        .formatted(url.length() > 200 ? url.substring(0, 200) + "…" : url, reason),
                "Try again later, host it here with POST /ngsi-ld/v1/jsonldContexts, or send the context itself as an object.",
                null);
    }
}
