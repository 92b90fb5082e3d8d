package org.conurb.hub;

import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Problems of the NGSI-LD doors bear the types that the standard fixes (GS CIM 009 clause 5.5.2). */
@RestControllerAdvice(
        assignableTypes = {
            EntityController.class,
            QueryController.class,
            TemporalController.class,
            SubscriptionController.class
        })
@Order(Ordered.HIGHEST_PRECEDENCE)
class NgsiLdProblems {
    @ExceptionHandler
    ResponseEntity<byte[]> problem(ConurbException failure) {
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        failure.retryAfter()
                .ifPresent(wait -> headers.set("Retry-After", String.valueOf(Math.max(1, wait.toSeconds()))));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type(failure));
        body.put("title", title(failure));
        body.put("status", failure.category().status());
        body.put("detail", failure.detail());
        body.put("remedy", failure.remedy());
        return ResponseEntity.status(failure.category().status())
                .headers(headers)
                .body(Json.mapper().writeValueAsBytes(body));
    }

    private static String type(ConurbException failure) {
        return switch (failure) {
            case NgsiLdFault fault -> fault.type();
            case ConurbException known
            when known.category() == Category.REQUEST -> NgsiLdFault.TYPES + "BadRequestData";
            case ConurbException known
            when known.category() == Category.ABSENT -> NgsiLdFault.TYPES + "ResourceNotFound";
            default -> "/problems/" + failure.code();
        };
    }

    private static String title(ConurbException failure) {
        return switch (failure.category()) {
            case REQUEST -> "The request cannot be taken as it is";
            case UNKNOWN_CALLER -> "Not signed in";
            case DENIED -> "Not allowed";
            case ABSENT -> "Not found";
            case CONFLICT -> "In conflict with what is there";
            case TOO_LARGE -> "Too large";
            case CONTRADICTION -> "Not supported, or in contradiction to itself";
            case THROTTLED -> "Too many requests";
            case CAPACITY -> "Not at this moment";
            case UPSTREAM -> "Another server failed";
        };
    }
}
