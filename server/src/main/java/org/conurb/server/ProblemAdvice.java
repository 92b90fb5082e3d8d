package org.conurb.server;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/** Turns every failure into an RFC 9457 problem with a remedy, in one place. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice {
    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<byte[]> known(ConurbException failure) {
        HttpHeaders headers = new HttpHeaders();
        failure.retryAfter()
                .ifPresent(wait -> headers.set("Retry-After", String.valueOf(Math.max(1, wait.toSeconds()))));
        return problem(failure.category().status(), failure.code(), failure.detail(), failure.remedy(), headers);
    }

    @ExceptionHandler
    ResponseEntity<byte[]> unreadable(HttpMessageNotReadableException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConurbException known) {
                return known(known);
            }
            if (cause instanceof RequestBodies.TooSlow slow) {
                return problem(
                        408,
                        "too-slow",
                        String.valueOf(slow.getMessage()),
                        "Send the body without pauses.",
                        new HttpHeaders());
            }
            if (cause instanceof JacksonException json) {
                return problem(400, "json", json(json), "Mend the JSON and send it again.", new HttpHeaders());
            }
        }
        return problem(400, "no-body", "The request has no body that can be read.", "Send JSON.", new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> mismatch(TypeMismatchException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConurbException known) {
                return known(known);
            }
        }
        return problem(
                400,
                "parameter",
                "Parameter %s has a value of the wrong form.".formatted(failure.getPropertyName()),
                "See /api/openapi.json for its form.",
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> absent(NoResourceFoundException failure, HttpServletRequest request) {
        return problem(
                404,
                "not-found",
                "There is nothing at %s.".formatted(request.getRequestURI()),
                "See /api/openapi.json for what there is.",
                new HttpHeaders());
    }

    /** The client went away while we were answering: nobody to tell. */
    @ExceptionHandler
    void gone(AsyncRequestNotUsableException failure) {
        log.atDebug().log("client.gone");
    }

    @ExceptionHandler
    ResponseEntity<byte[]> rest(Exception failure, HttpServletRequest request) {
        if (failure instanceof ErrorResponse response) {
            HttpStatusCode status = response.getStatusCode();
            String detail = String.valueOf(response.getBody().getDetail());
            return problem(status.value(), "request", detail, "See /api/openapi.json.", response.getHeaders());
        }
        log.atError()
                .addKeyValue("method", request.getMethod())
                .addKeyValue("path", request.getRequestURI())
                .setCause(failure)
                .log("request.failed");
        return problem(
                500,
                "defect",
                "The server failed; this is its fault, not yours.",
                "Nothing was changed. Try again; if it stays, tell who runs this site the time.",
                new HttpHeaders());
    }

    static ResponseEntity<byte[]> problem(int status, String code, String detail, String remedy, HttpHeaders headers) {
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return ResponseEntity.status(status).headers(all).body(body(status, code, detail, remedy));
    }

    static byte[] body(int status, String code, String detail, String remedy) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "/problems/" + code);
        members.put("title", title(status));
        members.put("status", status);
        members.put("detail", detail);
        members.put("remedy", remedy);
        return Json.mapper().writeValueAsBytes(members);
    }

    private static String title(int status) {
        for (Category category : Category.values()) {
            if (category.status() == status) {
                return switch (category) {
                    case REQUEST -> "The request is not understood";
                    case UNKNOWN_CALLER -> "Sign in first";
                    case DENIED -> "Not allowed";
                    case ABSENT -> "Not found";
                    case NOT_ACCEPTABLE -> "No answer that is acceptable";
                    case CONFLICT -> "Not possible as things are";
                    case TOO_LARGE -> "Too large";
                    case CONTRADICTION -> "The request contradicts itself";
                    case THROTTLED -> "Too many requests";
                    case CAPACITY -> "Try again later";
                    case UPSTREAM -> "Another server failed";
                };
            }
        }
        return status >= 500 ? "The server failed" : "The request is not understood";
    }

    /** Where in the body, and why; never the bytes that came, which may be private. */
    private static String json(JacksonException failure) {
        String where = "";
        if (failure instanceof DatabindException databind && !databind.getPath().isEmpty()) {
            where = databind.getPath().stream()
                    .map(step -> step.getPropertyName() == null
                            ? "[" + step.getIndex() + "]"
                            : String.valueOf(step.getPropertyName()))
                    .reduce((a, b) -> b.startsWith("[") ? a + b : a + "." + b)
                    .map(path -> " at " + path)
                    .orElse("");
        }
        String why = switch (failure) {
            case tools.jackson.databind.exc.UnrecognizedPropertyException unknown ->
                "there is no member " + unknown.getPropertyName();
            case tools.jackson.core.exc.StreamConstraintsException bound -> "it is deeper or longer than is taken";
            case tools.jackson.databind.exc.MismatchedInputException mismatch -> "a value has the wrong type";
            default -> "it is not well formed";
        };
        String line = failure.getLocation() == null
                ? ""
                : " (line %d, column %d)"
                        .formatted(
                                failure.getLocation().getLineNr(),
                                failure.getLocation().getColumnNr());
        return "The JSON is not taken%s: %s%s.".formatted(where, why, line);
    }
}
