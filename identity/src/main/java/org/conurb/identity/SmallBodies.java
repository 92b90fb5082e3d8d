package org.conurb.identity;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/** What comes before sign-in is small and says how long it is: nobody unknown makes us hold more. */
final class SmallBodies extends OncePerRequestFilter {
    static final int MOST_BYTES = 32 * 1024;

    private final RequestMatcher doors;

    SmallBodies(RequestMatcher doors) {
        this.doors = doors;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !doors.matches(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean unmeasured = request.getHeader("Transfer-Encoding") != null;
        if (unmeasured || request.getContentLengthLong() > MOST_BYTES) {
            Problems.write(response, new Failures.TooLarge(MOST_BYTES));
            return;
        }
        chain.doFilter(request, response);
    }
}
