package org.conurb.identity;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells by a password who someone is. */
final class SignIn {
    private static final Logger log = LoggerFactory.getLogger(SignIn.class);
    private static final int LONGEST = 200;

    private final Transactions transactions;
    private final PersonStore people;
    private final Passwords passwords;
    private final Throttle throttle;

    SignIn(Transactions transactions, PersonStore people, Passwords passwords, Throttle throttle) {
        this.transactions = transactions;
        this.people = people;
        this.passwords = passwords;
        this.throttle = throttle;
    }

    /**
     * @throws Failures.WrongCredentials worded and timed alike for unknown names
     * @throws Failures.Throttled after too many attempts
     */
    Person withPassword(String typedName, String password, String address) {
        if (typedName.length() > LONGEST || password.length() > LONGEST) {
            throw new Failures.WrongCredentials();
        }
        String username = typedName.strip().toLowerCase(Locale.ROOT);
        Optional<Duration> wait = throttle.attempt(username, address);
        if (wait.isPresent()) {
            // Names are not logged: people type their password there.
            log.atWarn()
                    .addKeyValue("address", address)
                    .addKeyValue("waitSeconds", wait.get().toSeconds())
                    .log("signin.throttled");
            throw new Failures.Throttled(wait.get());
        }
        Optional<PersonStore.Known> known = transactions.asSystem(() -> people.byUsername(username));
        if (!passwords.matches(password, known.flatMap(PersonStore.Known::passwordHash))) {
            log.atInfo().addKeyValue("address", address).log("signin.refused");
            throw new Failures.WrongCredentials();
        }
        throttle.succeeded(username, address);
        return known.orElseThrow().person();
    }
}
