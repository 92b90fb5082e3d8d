package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.reader.SourceFeature;

/** One layer of the map: turns an element of the extract into features. Called from several threads at once. */
@FunctionalInterface
interface Layer {
    void draw(SourceFeature element, FeatureCollector out);
}
