package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Problems under {@code /ngsi-ld}, wherever they arise, bear the types that the standard fixes (GS CIM 009 clauses 5.5.2,
 * 6.3.2), and ours where it has none. Under {@code /ogc}, whose features are the same entities, they are told alike, with
 * the two members of its exceptions (OGC API - Features - Part 1, section 7.5.1).
 */
final class NgsiLdProblems implements HandlerExceptionResolver, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(NgsiLdProblems.class);
    private static final String DOOR = "/ngsi-ld/";
    private static final String OGC_DOOR = "/ogc/";

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (!request.getRequestURI().startsWith(DOOR)
                && !request.getRequestURI().startsWith(OGC_DOOR)) {
            return null;
        }
        try {
            answer(request, response, failure);
        } catch (IOException gone) {
            LOG.atDebug().log("client.gone");
        }
        return new ModelAndView();
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, Exception failure)
            throws IOException {
        ConurbException known = known(failure);
        if (known != null) {
            write(request, response, known);
        } else if (failure instanceof AsyncRequestNotUsableException) {
            LOG.atDebug().log("client.gone");
        } else if (failure instanceof HttpMessageNotReadableException) {
            write(request, response, NgsiLdFault.invalid("The request has no body that can be read.", "Send JSON."));
        } else if (failure instanceof ErrorResponse http) {
            int status = http.getStatusCode().value();
            http.getHeaders().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
            String detail = String.valueOf(http.getBody().getDetail());
            write(request, response, status, details(type(status), title(status), status, detail, remedy(status)));
        } else {
            LOG.atError()
                    .addKeyValue("method", request.getMethod())
                    .addKeyValue("path", request.getRequestURI())
                    .setCause(failure)
                    .log("request.failed");
            write(
                    request,
                    response,
                    500,
                    details(
                            NgsiLdFault.TYPES + "InternalError",
                            "The server failed",
                            500,
                            "The server failed; this is its fault, not yours.",
                            "Nothing was changed. Try again; if it stays, tell who runs this site the time."));
        }
    }

    private static @Nullable ConurbException known(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConurbException known) {
                return known;
            }
        }
        return null;
    }

    static void write(HttpServletRequest request, HttpServletResponse response, ConurbException failure)
            throws IOException {
        failure.retryAfter()
                .ifPresent(wait -> response.setHeader("Retry-After", String.valueOf(Math.max(1, wait.toSeconds()))));
        write(request, response, failure.category().status(), details(failure));
    }

    private static void write(
            HttpServletRequest request, HttpServletResponse response, int status, Map<String, Object> details)
            throws IOException {
        if (request.getRequestURI().startsWith(OGC_DOOR)) {
            String type = String.valueOf(details.get("type"));
            details.put("code", type.substring(type.lastIndexOf('/') + 1));
            details.put("description", details.get("detail"));
        }
        byte[] bytes = Json.mapper().writeValueAsBytes(details);
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** ProblemDetails (RFC 9457), as an answer or as part of one. */
    static Map<String, Object> details(ConurbException failure) {
        return details(
                type(failure),
                title(failure.category()),
                failure.category().status(),
                failure.detail(),
                failure.remedy());
    }

    private static Map<String, Object> details(String type, String title, int status, String detail, String remedy) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        body.put("remedy", remedy);
        return body;
    }

    private static String type(ConurbException failure) {
        if (failure instanceof NgsiLdFault fault) {
            return fault.type();
        }
        return switch (failure.category()) {
            case REQUEST -> NgsiLdFault.TYPES + "BadRequestData";
            case ABSENT -> NgsiLdFault.TYPES + "ResourceNotFound";
            case CONFLICT -> NgsiLdFault.TYPES + "Conflict";
            case UNKNOWN_CALLER, DENIED, NOT_ACCEPTABLE, TOO_LARGE, CONTRADICTION, THROTTLED, CAPACITY, UPSTREAM ->
                "/problems/" + failure.code();
        };
    }

    /** Failures of HTTP itself, for which the standard has a status and no type. */
    private static String type(int status) {
        return switch (status) {
            case 400 -> NgsiLdFault.TYPES + "InvalidRequest";
            case 404 -> NgsiLdFault.TYPES + "ResourceNotFound";
            case 405 -> "/problems/method-not-allowed";
            case 406 -> "/problems/not-acceptable";
            case 415 -> "/problems/unsupported-media-type";
            default -> "/problems/request";
        };
    }

    private static String title(int status) {
        return switch (status) {
            case 404 -> title(Category.ABSENT);
            case 405 -> "Not a method of this resource";
            case 406 -> "Not in a form that is asked for";
            case 415 -> "Not a form that is taken";
            default -> title(Category.REQUEST);
        };
    }

    private static String remedy(int status) {
        return switch (status) {
            case 405 -> "Use a method that the header Allow names.";
            case 415 ->
                "Send Content-Type application/json or application/ld+json; a PATCH may be application/merge-patch+json.";
            default -> "See /api/openapi.json for what there is.";
        };
    }

    private static String title(Category category) {
        return switch (category) {
            case REQUEST -> "The request cannot be taken as it is";
            case UNKNOWN_CALLER -> "Not signed in";
            case DENIED -> "Not allowed";
            case ABSENT -> "Not found";
            case NOT_ACCEPTABLE -> "No answer that is acceptable";
            case CONFLICT -> "In conflict with what is there";
            case TOO_LARGE -> "Too large";
            case CONTRADICTION -> "Not supported, or in contradiction to itself";
            case THROTTLED -> "Too many requests";
            case CAPACITY -> "Not at this moment";
            case UPSTREAM -> "Another server failed";
        };
    }
}
