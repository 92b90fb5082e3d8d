package org.conurb.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.conurb.identity.Callers;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** What lets a controller take a {@link Caller} and a {@link Change} and return an {@link Answer}. */
final class WebGlue {
    private static final int LONGEST_KEY = 255;

    private WebGlue() {}

    /** Before Spring's own: answers go out as they are, and bodies, which are here already, come in so. */
    static void install(RequestMappingHandlerAdapter adapter) {
        List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
        resolvers.add(new BodyArgument());
        resolvers.addAll(Optional.ofNullable(adapter.getArgumentResolvers()).orElse(List.of()));
        adapter.setArgumentResolvers(resolvers);
        List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>();
        handlers.add(new Answers());
        handlers.addAll(Optional.ofNullable(adapter.getReturnValueHandlers()).orElse(List.of()));
        adapter.setReturnValueHandlers(handlers);
    }

    record CallerArgument(Callers callers) implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            return callers.current();
        }
    }

    record ChangeArgument(Callers callers, Access access, Transactions transactions)
            implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Change.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
            if (http == null) {
                throw new IllegalStateException("A change comes by HTTP");
            }
            Caller caller = callers.current();
            Optional<String> key = Optional.ofNullable(http.getHeader("Idempotency-Key"));
            if (key.isPresent() && (key.get().isBlank() || key.get().length() > LONGEST_KEY)) {
                throw new BadRequest(
                        "idempotency-key",
                        "Idempotency-Key has %d characters.".formatted(key.get().length()),
                        "Send 1 to %d characters, a UUID for instance.".formatted(LONGEST_KEY));
            }
            byte[] fingerprint = key.isPresent() ? fingerprint(http) : new byte[0];
            return new Change(transactions, caller, access.owners(caller), key, fingerprint);
        }

        private static byte[] fingerprint(HttpServletRequest request) {
            try {
                MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                sha256.update(
                        (request.getMethod() + ' ' + request.getRequestURI() + '?' + request.getQueryString() + '\n')
                                .getBytes(StandardCharsets.UTF_8));
                if (!Transactions.tenant().isEmpty()) {
                    sha256.update((Transactions.tenant() + '\n').getBytes(StandardCharsets.UTF_8));
                }
                return sha256.digest(RequestBodies.of(request));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has SHA-256", e);
            }
        }
    }

    /** The bytes of a body that may be missing; null where it is. */
    private static final class BodyArgument implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            RequestBody body = parameter.getParameterAnnotation(RequestBody.class);
            return body != null && !body.required() && parameter.getParameterType() == byte[].class;
        }

        @Override
        public byte @Nullable [] resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
            byte[] body = http == null ? new byte[0] : RequestBodies.of(http);
            return body.length == 0 ? null : body;
        }
    }

    private static final class Answers implements HandlerMethodReturnValueHandler {
        @Override
        public boolean supportsReturnType(MethodParameter returnType) {
            return returnType.getParameterType() == Answer.class;
        }

        @Override
        public void handleReturnValue(
                @Nullable Object value,
                MethodParameter returnType,
                ModelAndViewContainer container,
                NativeWebRequest request)
                throws java.io.IOException {
            container.setRequestHandled(true);
            HttpServletResponse response = request.getNativeResponse(HttpServletResponse.class);
            if (response == null || !(value instanceof Answer answer)) {
                throw new IllegalStateException("An answer goes out by HTTP");
            }
            response.setStatus(answer.status());
            answer.headers().forEach(response::setHeader);
            response.setContentLength(answer.body().length);
            response.getOutputStream().write(answer.body());
        }
    }
}
