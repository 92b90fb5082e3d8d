package org.conurb.media;

import java.io.IOException;
import java.io.OutputStream;

/** Lets through only some of the bytes that are written to it. */
final class RangeOutput extends OutputStream {
    private final OutputStream out;
    private long skip;
    private long left;

    RangeOutput(OutputStream out, long skip, long left) {
        this.out = out;
        this.skip = skip;
        this.left = left;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int skipped = (int) Math.min(skip, length);
        skip -= skipped;
        int passed = (int) Math.min(left, length - skipped);
        if (passed > 0) {
            out.write(bytes, offset + skipped, passed);
            left -= passed;
        }
    }
}
