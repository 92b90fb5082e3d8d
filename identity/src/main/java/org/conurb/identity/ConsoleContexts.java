package org.conurb.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;

/** Who is signed in, by the session cookie; nothing of it is kept in the web container. */
final class ConsoleContexts implements SecurityContextRepository {
    private final SessionCookie cookie;
    private final Sessions sessions;

    ConsoleContexts(SessionCookie cookie, Sessions sessions) {
        this.cookie = cookie;
        this.sessions = sessions;
    }

    @Override
    @SuppressWarnings(
            "deprecation") // still the one abstract way; callers use loadDeferredContext, which asks it when needed
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        cookie.session(holder.getRequest())
                .flatMap(sessions::find)
                .ifPresent(session -> context.setAuthentication(new SessionAuthentication(session)));
        return context;
    }

    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
        // Sessions are opened and closed by SessionController alone.
    }

    @Override
    public boolean containsContext(HttpServletRequest request) {
        return cookie.session(request).isPresent();
    }
}
