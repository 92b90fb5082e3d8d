/**
 * Turns key frames of cameras into still pictures: a process of its own ({@link org.conurb.pictures.Pictures}), since what
 * decodes a stranger's bytes must not be able to take the server along. Knows no camera, no file and no network.
 */
@NullMarked
package org.conurb.pictures;

import org.jspecify.annotations.NullMarked;
