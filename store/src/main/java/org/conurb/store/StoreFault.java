package org.conurb.store;

import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.jspecify.annotations.Nullable;

/** The database cannot be started, or must not be used as it is; stops the start of the program. */
final class StoreFault extends ConurbException {
    StoreFault(String code, String detail, String remedy) {
        this(code, detail, remedy, null);
    }

    StoreFault(String code, String detail, String remedy, @Nullable Throwable cause) {
        super(Category.CAPACITY, code, detail, remedy, cause);
    }
}
