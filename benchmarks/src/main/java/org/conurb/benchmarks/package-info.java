/** Measures the built program from outside: it is started as a user starts it, and spoken to by HTTP. */
@NullMarked
package org.conurb.benchmarks;

import org.jspecify.annotations.NullMarked;
