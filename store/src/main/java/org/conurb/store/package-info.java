/**
 * PostgreSQL: the embedded one and its supervisor, or an external one by URL; one schema a module; transactions behind
 * the second wall ({@link org.conurb.store.Transactions}); changes that happen once ({@link org.conurb.store.Change});
 * back-up.
 */
@NullMarked
package org.conurb.store;

import org.jspecify.annotations.NullMarked;
