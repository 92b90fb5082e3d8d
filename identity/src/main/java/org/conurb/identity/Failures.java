package org.conurb.identity;

import java.time.Duration;
import java.util.Optional;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.OrganisationId;

/** What goes wrong at this door. */
final class Failures {
    private Failures() {}

    static final class SignInNeeded extends ConurbException {
        SignInNeeded() {
            super(
                    Category.UNKNOWN_CALLER,
                    "sign-in-needed",
                    "Nobody is signed in.",
                    "Sign in at the console, or send an access token from /oauth2/token as Authorization: Bearer.");
        }
    }

    static final class TokenRefused extends ConurbException {
        TokenRefused() {
            super(
                    Category.UNKNOWN_CALLER,
                    "token-refused",
                    "The access token is not one of ours, has expired, or was ended.",
                    "Ask /oauth2/token for a new one.");
        }
    }

    /** Worded the same whether the name is unknown, the person disabled or the password wrong. */
    static final class WrongCredentials extends ConurbException {
        WrongCredentials() {
            super(
                    Category.UNKNOWN_CALLER,
                    "wrong-credentials",
                    "User name and password do not belong together.",
                    "Try again, or ask an administrator of your organisation for a new password.");
        }
    }

    /** Not 401: whoever asks is signed in, and stays so. */
    static final class WrongPassword extends ConurbException {
        WrongPassword() {
            super(
                    Category.DENIED,
                    "wrong-password",
                    "This is not your current password.",
                    "Try again, or ask an administrator of your organisation for a new one.");
        }
    }

    /** @see People */
    static final class LastAdministrator extends ConurbException {
        LastAdministrator(OrganisationId organisation) {
            super(
                    Category.CONFLICT,
                    "last-administrator",
                    "Nobody would be left to administer %s.".formatted(organisation),
                    "Give another person of %s the role administrator first.".formatted(organisation));
        }
    }

    /** The city would be shut: only the installation client can make the first administrator. */
    static final class NoAdministrator extends ConurbException {
        NoAdministrator(OrganisationId first) {
            super(
                    Category.CONFLICT,
                    "no-administrator",
                    "Nobody could administer this city any more: no administrator has a password or a passkey.",
                    "Add one first: ./conurb admin people --add NAME --name \"Full Name\" --role %s=administrator"
                            .formatted(first));
        }
    }

    static final class PasskeyRefused extends ConurbException {
        PasskeyRefused(Category category) {
            super(
                    category,
                    "passkey-refused",
                    "The passkey could not be verified.",
                    "Start again. Each attempt holds for five minutes, in one browser window.");
        }
    }

    static final class NoOrganisation extends ConurbException {
        NoOrganisation() {
            super(
                    Category.DENIED,
                    "no-organisation",
                    "You hold no role in any organisation of this city.",
                    "Ask an administrator of your organisation for one.");
        }
    }

    static final class NotYours extends ConurbException {
        NotYours(OrganisationId organisation) {
            super(
                    Category.DENIED,
                    "not-yours",
                    "You do not act for an organisation %s.".formatted(organisation),
                    "Use one that GET /api/session lists under organisations, or leave Conurb-Organisation out.");
        }
    }

    static final class CsrfRefused extends ConurbException {
        CsrfRefused() {
            super(
                    Category.DENIED,
                    "csrf",
                    "The request does not prove that it comes from the console.",
                    "Send X-CSRF-TOKEN with the value that GET /api/session gives as csrf.");
        }
    }

    static final class Forbidden extends ConurbException {
        Forbidden() {
            super(Category.DENIED, "denied", "This is not open to you.", "Ask an administrator of your organisation.");
        }
    }

    static final class TooLarge extends ConurbException {
        TooLarge(int mostBytes) {
            super(
                    Category.TOO_LARGE,
                    "too-large",
                    "More than the %d bytes that are taken here before sign-in.".formatted(mostBytes),
                    "Send what the interface describes, with its Content-Length.");
        }
    }

    static final class Throttled extends ConurbException {
        private final Duration wait;

        Throttled(Duration wait) {
            super(
                    Category.THROTTLED,
                    "sign-in-throttled",
                    "Too many attempts to sign in.",
                    "Wait for %d s, then try again.".formatted(Math.max(1, wait.toSeconds())));
            this.wait = wait;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(wait);
        }
    }
}
