package org.conurb.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strip above a camera's picture that shows its name and the time, written as raw macroblocks while it is served: no
 * encoder runs. One instance a stream, confined to the server's thread.
 */
final class ClockStrip {
    private static final byte DARK = 22;
    private static final byte LIGHT = (byte) 226;

    private final SliceWriter slices;
    private final int rows;
    private final int scale;
    private String shown = "";

    /** @param rows of macroblocks that the strip is high: 1 or 2 */
    ClockStrip(SliceWriter slices, int rows) {
        this.slices = slices;
        this.rows = rows;
        this.scale = rows + 1;
    }

    /** The strip's slices of a key picture. */
    List<byte[]> key(int idr, String text) {
        shown = text;
        List<byte[]> made = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            byte[] @Nullable [] blocks = new byte[slices.set().columns()][];
            for (int column = 0; column < blocks.length; column++) {
                byte[] block = block(text, column, row);
                blocks[column] = column > 0 && isDark(block) && isDark(blocks, column - 1) ? null : block;
            }
            made.add(slices.keyRow(row, idr, blocks));
        }
        return made;
    }

    private static boolean isDark(byte[] @Nullable [] blocks, int column) {
        byte[] block = blocks[column];
        return block == null || isDark(block);
    }

    private static boolean isDark(byte[] block) {
        for (int i = 0; i < 256; i++) {
            if (block[i] != DARK) {
                return false;
            }
        }
        return true;
    }

    /** The strip's slices of another picture; only what changed is in them. */
    List<byte[]> next(int frame, String text) {
        List<byte[]> made = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            byte[] @Nullable [] blocks = new byte[slices.set().columns()][];
            if (!text.equals(shown)) {
                for (int column = 0; column < blocks.length; column++) {
                    byte[] block = block(text, column, row);
                    blocks[column] = Arrays.equals(block, block(shown, column, row)) ? null : block;
                }
            }
            made.add(slices.changedRow(row, frame, blocks));
        }
        shown = text;
        return made;
    }

    private byte[] block(String text, int column, int row) {
        byte[] block = new byte[384];
        Arrays.fill(block, 256, 384, (byte) 128);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 16; x++) {
                block[y * 16 + x] = lit(text, column * 16 + x, row * 16 + y) ? LIGHT : DARK;
            }
        }
        return block;
    }

    private boolean lit(String text, int x, int y) {
        int top = (rows * 16 - 7 * scale) / 2;
        int left = x - 8;
        int letter = Math.floorDiv(left, 6 * scale);
        if (left < 0 || letter >= text.length() || y < top) {
            return false;
        }
        return PixelFont.set(text.charAt(letter), left % (6 * scale) / scale, (y - top) / scale);
    }
}
