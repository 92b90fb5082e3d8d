/**
 * Who comes in, and as whom: organisations, people, roles, seats, clients; sign-in by password and passkey; the
 * authorization server and its keys. Other rooms ask {@link org.conurb.identity.Callers}; {@link
 * org.conurb.identity.People} and {@link org.conurb.identity.Bootstrap} are for the program that starts them. What a
 * caller may do is not decided here but by {@code Access}.
 */
@NullMarked
package org.conurb.identity;

import org.jspecify.annotations.NullMarked;
