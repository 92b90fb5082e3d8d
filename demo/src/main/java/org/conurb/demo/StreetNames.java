package org.conurb.demo;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Names of streets, each given once. */
final class StreetNames {
    private static final List<String> WORDS = List.of(
            "Alder Ash Beech Birch Cedar Elm Fir Hazel Larch Linden Maple Oak Pine Poplar Rowan Willow Yew Anchor Beacon Bell"
                    .split(" "));
    private static final List<String> MORE =
            List.of(("Bridge Brook Candle Canal Castle Chapel Cooper Copper Corn Crane "
                            + "Dial Dove Drover Falcon Ferry Fisher Foundry Fountain Garden Glass Granary Gull Heron Hill Hollow Iron Ivy "
                            + "Juniper Kiln King Lantern Lark Lavender Lime Market Mason Meadow Mill Mint Moor Mulberry Nightingale North "
                            + "Orchard Otter Paper Pearl Pilot Plum Potter Priory Quarry Queen Raven Reed River Rope Rose Saddler Sail "
                            + "Salt Sand Seven Shepherd Silver Smith Spring Stone Swan Tanner Thistle Tide Tower Union Vine Weaver Well "
                            + "West Wharf Windmill Wool Wren Abbey Almond Amber Apple Arch Badger Baker Barley Basil Bay Bishop Blossom "
                            + "Boat Bramble Brewer Bright Carter Cherry Clover Cliff Clock Coral Cross Curlew Dale Dean Ebony Fern Field "
                            + "Flint Forge Fox Friar Gale Gate Goose Grove Harp Hawk Heath Herring High Holly Honey Hope Horn Jasper Kite "
                            + "Lace Ladder Lamb Leaf Lily Linen Long Loom Magpie Marsh Merchant Moon Moss Myrtle Narrow Net Nettle Olive "
                            + "Orchid Owl Park Partridge Pebble Pepper Pigeon Pitch Poppy Quince Rainbow Ridge Robin Rush Sage Seal Shell "
                            + "Ship Short Slate Sorrel Sparrow Star Starling Stile Summer Sun Teal Thorn Timber Trout Velvet Violet Wagon "
                            + "Walnut Water Wheat White Wild Winter Wood")
                    .split(" "));
    private static final String[] SMALL = {"Street", "Street", "Street", "Lane", "Row", "Close", "Way", "Rise", "Place"
    };
    private static final String[] LARGE = {"Road", "Avenue", "Street", "Parade"};

    private final Random random;
    private final Set<String> given = new HashSet<>();

    StreetNames(Random random) {
        this.random = random;
    }

    String next(boolean large) {
        String[] kinds = large ? LARGE : SMALL;
        for (int attempt = 0; ; attempt++) {
            int word = random.nextInt(WORDS.size() + MORE.size());
            String name = word < WORDS.size() ? WORDS.get(word) : MORE.get(word - WORDS.size());
            String prefix = attempt > 40 ? (attempt % 2 == 0 ? "Old " : "Upper ") : "";
            String whole = prefix + name + " " + kinds[random.nextInt(kinds.length)];
            if (given.add(whole)) {
                return whole;
            }
        }
    }
}
