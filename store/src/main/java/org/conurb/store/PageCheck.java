package org.conurb.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks pages of tables and indexes while they are copied, so that a back-up is not where damage hides.
 *
 * <p>A page's checksum is 32 interleaved FNV-1a sums folded to 16 bits, with the page's number mixed in (PostgreSQL,
 * src/include/storage/checksum_impl.h). A page written after the back-up began may be torn as we read it; replay brings
 * it back whole, so it is passed over.
 */
final class PageCheck {
    static final int PAGE = 8192;

    private static final Pattern RELATION =
            Pattern.compile("(?:base/\\d+|global)/\\d+(?:_(?:fsm|vm|init))?(?:\\.(\\d+))?");
    private static final long PAGES_A_SEGMENT = 131_072;
    private static final int SUMS = 32;
    private static final int FNV_PRIME = 16_777_619;
    private static final int[] OFFSETS = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    private final String file;
    private final long firstPage;
    private final boolean relation;
    private final long startLsn;

    /**
     * @param file relative to the cluster; what is neither table nor index is not looked at
     * @param startLsn where the back-up began
     */
    PageCheck(String file, long startLsn) {
        Matcher matcher = RELATION.matcher(file);
        this.file = file;
        this.relation = matcher.matches();
        this.firstPage = relation && matcher.group(1) != null ? Long.parseLong(matcher.group(1)) * PAGES_A_SEGMENT : 0;
        this.startLsn = startLsn;
    }

    /** Nothing is looked at. */
    static PageCheck none() {
        return new PageCheck("", 0);
    }

    /** A place in the log of changes as PostgreSQL writes it, as {@code 0/2000028}. */
    static long lsn(String text) {
        int slash = text.indexOf('/');
        return Long.parseUnsignedLong(text.substring(0, slash), 16) << 32
                | Long.parseUnsignedLong(text.substring(slash + 1), 16);
    }

    /**
     * @param source to read a page again that changed under our hands
     * @param at byte offset of the chunk, a multiple of the page's size
     */
    void inspect(FileChannel source, long at, ByteBuffer chunk) throws IOException {
        if (!relation) {
            return;
        }
        for (int offset = 0; offset + PAGE <= chunk.remaining(); offset += PAGE) {
            long page = (at + offset) / PAGE;
            if (sound(chunk.slice(chunk.position() + offset, PAGE), page)) {
                continue;
            }
            ByteBuffer again = ByteBuffer.allocate(PAGE);
            while (again.hasRemaining() && source.read(again, at + offset + again.position()) >= 0) {
                // until it is whole
            }
            if (!again.hasRemaining() && !sound(again.flip(), page)) {
                throw new IOException("Page %d of %s is damaged on disk".formatted(page, file));
            }
        }
    }

    private boolean sound(ByteBuffer bytes, long page) {
        ByteBuffer data = bytes.order(ByteOrder.nativeOrder());
        long lsn = (long) data.getInt(0) << 32 | data.getInt(4) & 0xffffffffL;
        boolean neverUsed = data.getShort(14) == 0; // pd_upper
        return neverUsed || lsn > startLsn || checksum(data, firstPage + page) == (data.getShort(8) & 0xffff);
    }

    static int checksum(ByteBuffer data, long page) {
        int[] sums = OFFSETS.clone();
        int[] row = new int[SUMS];
        for (int at = 0; at < PAGE; at += SUMS * Integer.BYTES) {
            data.asIntBuffer().get(at / Integer.BYTES, row);
            if (at == 0) {
                row[2] &= ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0xffff0000 : 0x0000ffff; // itself
            }
            mix(sums, row);
        }
        int[] zeros = new int[SUMS];
        mix(sums, zeros);
        mix(sums, zeros);
        int all = 0;
        for (int sum : sums) {
            all ^= sum;
        }
        return (int) (Integer.toUnsignedLong(all ^ (int) page) % 65_535) + 1;
    }

    private static void mix(int[] sums, int[] row) {
        for (int i = 0; i < SUMS; i++) {
            int mixed = sums[i] ^ row[i];
            sums[i] = mixed * FNV_PRIME ^ mixed >>> 17;
        }
    }
}
