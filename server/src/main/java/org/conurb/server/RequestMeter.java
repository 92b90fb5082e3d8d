package org.conurb.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Times requests by method, route and status, as {@code http.server.requests}: a look-up and an addition each, where
 * Spring's observation makes objects for each. Streams go on for hours and are not timed. There are as
 * many timers as routes and statuses.
 */
final class RequestMeter implements Filter {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");

    private final MeterRegistry meters;
    private final LongSupplier nanoTime;
    private final Map<Route, Timer> timers = new ConcurrentHashMap<>();

    private record Route(String method, String pattern, int status) {}

    RequestMeter(MeterRegistry meters, LongSupplier nanoTime) {
        this.meters = meters;
        this.nanoTime = nanoTime;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        long began = nanoTime.getAsLong();
        boolean answered = false;
        try {
            chain.doFilter(request, response);
            answered = true;
        } finally {
            if (!request.isAsyncStarted()) {
                int status = answered ? ((HttpServletResponse) response).getStatus() : 500;
                timers.computeIfAbsent(route((HttpServletRequest) request, status), this::timer)
                        .record(nanoTime.getAsLong() - began, TimeUnit.NANOSECONDS);
            }
        }
    }

    private static Route route(HttpServletRequest request, int status) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String method = request.getMethod();
        return new Route(
                METHODS.contains(method) ? method : "OTHER", pattern == null ? "none" : pattern.toString(), status);
    }

    private Timer timer(Route route) {
        return Timer.builder("http.server.requests")
                .tag("method", route.method)
                .tag("uri", route.pattern)
                .tag("status", String.valueOf(route.status))
                .register(meters);
    }
}
