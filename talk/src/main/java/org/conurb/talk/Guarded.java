package org.conurb.talk;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** Passes bytes on while they may be seen: asked each 64 KB, however slowly they are read. */
final class Guarded extends OutputStream {
    private static final int EACH = 64 << 10;

    private final OutputStream out;
    private final BooleanSupplier stands;
    private int passed = EACH;

    Guarded(OutputStream out, BooleanSupplier stands) {
        this.out = out;
        this.stands = stands;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (passed >= EACH) {
            passed = 0;
            if (!stands.getAsBoolean()) {
                throw new IOException("The grant has ended");
            }
        }
        passed += length;
        out.write(bytes, offset, length);
    }
}
