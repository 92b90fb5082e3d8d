package org.conurb.identity;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells by a password who someone is, and lets who knows it choose another. */
final class SignIn {
    private static final Logger log = LoggerFactory.getLogger(SignIn.class);
    private static final int LONGEST = 200;

    private final Transactions transactions;
    private final PersonStore people;
    private final Passwords passwords;
    private final Throttle throttle;
    private final Sessions sessions;
    private final Audit audit;

    SignIn(
            Transactions transactions,
            PersonStore people,
            Passwords passwords,
            Throttle throttle,
            Sessions sessions,
            Audit audit) {
        this.transactions = transactions;
        this.people = people;
        this.passwords = passwords;
        this.throttle = throttle;
        this.sessions = sessions;
        this.audit = audit;
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

    /**
     * Gives a person the password of his or her choice; every session opened so far is over.
     *
     * @return the person as whom to open a session anew
     * @throws Failures.WrongPassword where the current one is not right; attempts count as those of signing in
     * @throws BadRequest for a password that {@link Passwords#hash} refuses; nothing changes
     */
    Person changePassword(Session session, String current, String wanted, String address) {
        String username = session.person().username();
        try {
            withPassword(username, current, address);
        } catch (Failures.WrongCredentials e) {
            throw new Failures.WrongPassword();
        }
        String hash = passwords.hash(username, wanted);
        Person changed = transactions.asSystem(() -> {
            people.setPassword(session.person().id(), hash);
            audit.record(AuditEntry.of(
                    session.caller(),
                    "person.password",
                    "Person",
                    Person.SUBJECT + session.person().id(),
                    session.organisation()));
            return people.byId(session.person().id()).orElseThrow(Failures.SignInNeeded::new);
        });
        sessions.forgetAll();
        return changed;
    }
}
