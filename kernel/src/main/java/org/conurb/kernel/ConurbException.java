package org.conurb.kernel;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure that says what, why and how to mend it; shown to callers as an RFC 9457 problem of type {@code
 * /problems/<code>}. Everything that is not one of these is our defect: a 500 and a logged trace.
 */
public abstract class ConurbException extends RuntimeException {
    private final Category category;
    private final String code;
    private final String remedy;

    /**
     * @param code stable name in kebab-case, the last part of the problem's type
     * @param detail what happened, naming the thing
     * @param remedy what the caller can do about it
     */
    protected ConurbException(Category category, String code, String detail, String remedy) {
        this(category, code, detail, remedy, null);
    }

    protected ConurbException(Category category, String code, String detail, String remedy, @Nullable Throwable cause) {
        super(detail, cause);
        this.category = category;
        this.code = code;
        this.remedy = remedy;
    }

    public Category category() {
        return category;
    }

    public String code() {
        return code;
    }

    /** What happened, for people. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    public String remedy() {
        return remedy;
    }

    /** How long to wait before trying again ({@code Retry-After}), where that helps. */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }
}
