package org.conurb.demo;

/** Letters of 5 by 7 points, drawn here: capitals, digits and a few signs. Others are blank. */
final class PixelFont {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-./'";
    /** Seven rows of five points for each letter, as hexadecimal rows; the highest of the five bits is the left point. */
    private static final String[] ROWS = {
        "0E 11 11 1F 11 11 11", "1E 11 11 1E 11 11 1E", "0E 11 10 10 10 11 0E", "1E 11 11 11 11 11 1E",
        "1F 10 10 1E 10 10 1F", "1F 10 10 1E 10 10 10", "0E 11 10 17 11 11 0F", "11 11 11 1F 11 11 11",
        "0E 04 04 04 04 04 0E", "07 02 02 02 02 12 0C", "11 12 14 18 14 12 11", "10 10 10 10 10 10 1F",
        "11 1B 15 15 11 11 11", "11 19 15 13 11 11 11", "0E 11 11 11 11 11 0E", "1E 11 11 1E 10 10 10",
        "0E 11 11 11 15 12 0D", "1E 11 11 1E 14 12 11", "0F 10 10 0E 01 01 1E", "1F 04 04 04 04 04 04",
        "11 11 11 11 11 11 0E", "11 11 11 11 11 0A 04", "11 11 11 15 15 1B 11", "11 11 0A 04 0A 11 11",
        "11 11 0A 04 04 04 04", "1F 01 02 04 08 10 1F", "0E 11 13 15 19 11 0E", "04 0C 04 04 04 04 0E",
        "0E 11 01 06 08 10 1F", "1F 02 04 02 01 11 0E", "02 06 0A 12 1F 02 02", "1F 10 1E 01 01 11 0E",
        "06 08 10 1E 11 11 0E", "1F 01 02 04 08 08 08", "0E 11 11 0E 11 11 0E", "0E 11 11 0F 01 02 0C",
        "00 04 04 00 04 04 00", "00 00 00 1F 00 00 00", "00 00 00 00 00 0C 0C", "01 01 02 04 08 10 10",
        "0C 04 08 00 00 00 00"
    };

    private static final int[][] POINTS = new int[LETTERS.length()][7];

    static {
        for (int i = 0; i < ROWS.length; i++) {
            for (int row = 0; row < 7; row++) {
                POINTS[i][row] = Integer.parseInt(ROWS[i].substring(row * 3, row * 3 + 2), 16);
            }
        }
    }

    private PixelFont() {}

    /** Whether the point is set; x 0..4, y 0..6. */
    static boolean set(char letter, int x, int y) {
        int at = LETTERS.indexOf(Character.toUpperCase(letter));
        return at >= 0 && x < 5 && y < 7 && (POINTS[at][y] >>> (4 - x) & 1) == 1;
    }
}
