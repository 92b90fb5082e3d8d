package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.conurb.kernel.Caller;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** What the server does for controllers, as small as tests need it. */
final class Answers extends AbstractHttpMessageConverter<Answer> {
    Answers() {
        super(MediaType.ALL);
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == Answer.class;
    }

    @Override
    protected Answer readInternal(Class<? extends Answer> type, HttpInputMessage message) {
        throw new UnsupportedOperationException("An answer only goes out");
    }

    @Override
    protected void writeInternal(Answer answer, HttpOutputMessage message) throws IOException {
        ((ServletServerHttpResponse) message).setStatusCode(HttpStatusCode.valueOf(answer.status()));
        answer.headers().forEach(message.getHeaders()::set);
        message.getBody().write(answer.body());
    }

    record Arguments(Transactions transactions, Supplier<Caller> caller) implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class || parameter.getParameterType() == Change.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            if (parameter.getParameterType() == Caller.class) {
                return caller.get();
            }
            HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
            return new Change(
                    transactions,
                    caller.get(),
                    Set.of(caller.get().organisation()),
                    Optional.ofNullable(http.getHeader("Idempotency-Key")),
                    new byte[32]);
        }
    }
}
