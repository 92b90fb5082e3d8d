package org.conurb.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/**
 * How rows become entities, as JSON; read by {@link ImportReader}.
 *
 * @param type of all entities
 * @param id with columns in braces, as {@code urn:ngsi-ld:ServiceRequest:{CASE_ID}}; null for an id by the row's content
 * @param owner organisation that new entities belong to; null for the caller's
 * @param existing what becomes of an entity that is there: {@code update} (the default) keeps attributes that the row has
 *     not, {@code replace} does not
 * @param language of LanguageProperties that name none
 * @param pattern of moments and days that name none, as {@code dd.MM.yyyy HH:mm}; null for ISO 8601
 * @param zone of moments that tell none, as {@code Europe/Monaco}
 * @param dialect where it differs from what was found
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImportMapping(
        @Nullable String type,
        @Nullable String id,
        @Nullable String owner,
        @Nullable String existing,
        @Nullable String language,
        @Nullable String pattern,
        @Nullable String zone,
        @Nullable ImportDialect dialect,
        @Nullable List<Target> attributes) {

    /**
     * One attribute, of one column, of a template, or of two columns with a place.
     *
     * @param kind Property (the default), GeoProperty, Relationship, LanguageProperty, VocabProperty, JsonProperty or
     *     ListProperty
     * @param template text with columns in braces, as {@code urn:ngsi-ld:District:{ward}}
     * @param latitude column with degrees north
     * @param longitude column with degrees east
     * @param datatype text (the default), number, boolean, dateTime, date or json
     * @param separator parts the values of a list
     * @param observedAt column with the moment of the value
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Target(
            @Nullable String name,
            @Nullable String kind,
            @Nullable String column,
            @Nullable String template,
            @Nullable String latitude,
            @Nullable String longitude,
            @Nullable String datatype,
            @Nullable String separator,
            @Nullable String unitCode,
            @Nullable String observedAt,
            @Nullable String language,
            @Nullable String pattern,
            @Nullable String zone) {}

    static BadRequest refused(String detail, String remedy) {
        return new BadRequest("import-mapping", detail, remedy);
    }
}
