package org.conurb.media;

/** The picture as shown, cropping done, in samples. */
public record VideoSize(int width, int height) {
    /** No camera is larger; and larger would make a decoder's memory ours to give. */
    static final int MAX = 16_384;

    boolean sensible() {
        return width > 0 && height > 0 && width <= MAX && height <= MAX;
    }
}
