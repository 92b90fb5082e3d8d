/** What tests of all rooms share: a real database, a clock that is moved by hand, and stand-ins for upper rooms. */
@NullMarked
package org.conurb.testkit;

import org.jspecify.annotations.NullMarked;
