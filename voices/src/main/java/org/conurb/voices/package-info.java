/**
 * Turns voice of phones (G.711) into Opus and back: a process of its own ({@link org.conurb.voices.Voices}), since what
 * decodes a stranger's bytes must not be able to take the server along. Knows no phone, no call and no network.
 */
@NullMarked
package org.conurb.voices;

import org.jspecify.annotations.NullMarked;
