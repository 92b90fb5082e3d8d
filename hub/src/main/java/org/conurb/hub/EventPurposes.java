package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;

/**
 * Whether a purpose shows what concerns persons to the readers of events: asked once for all streams of a caller, again
 * after a few seconds, and for so many new cases a second at most, since each first use writes to the audit log. A
 * flood of incidents is told without what concerns persons, which the reader gets when it opens one.
 */
final class EventPurposes {
    private static final int MOST = 50_000;
    private static final int NEW_CASES_A_SECOND = 20;

    private final Access access;
    private final Clock clock;
    private final Duration keep;
    private final Map<Question, Reply> replies = new ConcurrentHashMap<>();
    private final Map<Caller, Budget> budgets = new ConcurrentHashMap<>();

    private record Question(Caller caller, String type, Optional<String> caseId) {}

    private record Reply(boolean allowed, Instant until) {}

    private record Budget(long second, int asked) {}

    EventPurposes(Access access, Clock clock, Duration keep) {
        this.access = access;
        this.clock = clock;
        this.keep = keep;
    }

    boolean allows(Caller caller, Model.Type type, String id) {
        Question question = new Question(caller, type.name(), type.caseOf(id));
        Instant now = clock.instant();
        Reply known = replies.get(question);
        if (known != null && now.isBefore(known.until)) {
            return known.allowed;
        }
        if (known == null && question.caseId.isPresent() && !spend(caller, now)) {
            return false;
        }
        boolean allowed = access.purpose(caller, type.name(), question.caseId).isPresent();
        if (replies.size() >= MOST) {
            replies.clear();
        }
        replies.put(question, new Reply(allowed, now.plus(keep)));
        return allowed;
    }

    private boolean spend(Caller caller, Instant now) {
        if (budgets.size() >= MOST) {
            budgets.clear();
        }
        long second = now.getEpochSecond();
        Budget budget = budgets.merge(
                caller,
                new Budget(second, 1),
                (old, one) -> old.second == second ? new Budget(second, old.asked + 1) : one);
        return budget.asked <= NEW_CASES_A_SECOND;
    }
}
