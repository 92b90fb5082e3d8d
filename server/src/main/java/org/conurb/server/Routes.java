package org.conurb.server;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Finds the method that serves a request. Spring asks each method of the program for all its conditions, the path last; here
 * only those are asked whose path begins with the words of the request's, of which there are few.
 */
final class Routes extends RequestMappingHandlerMapping {
    private final Map<RequestMappingInfo, List<List<String>>> beginnings = new ConcurrentHashMap<>();

    @Override
    protected @Nullable RequestMappingInfo getMatchingMapping(RequestMappingInfo info, HttpServletRequest request) {
        List<PathContainer.Element> path = ServletRequestPathUtils.getParsedRequestPath(request)
                .pathWithinApplication()
                .elements();
        for (List<String> beginning : beginnings.computeIfAbsent(info, Routes::beginnings)) {
            if (begins(path, beginning)) {
                return super.getMatchingMapping(info, request);
            }
        }
        return null;
    }

    private static List<List<String>> beginnings(RequestMappingInfo info) {
        return info.getPatternValues().stream().map(Routes::beginning).toList();
    }

    /** The words of a pattern before the first that stands for others. */
    static List<String> beginning(String pattern) {
        List<String> words = new ArrayList<>();
        for (String word : pattern.split("/", -1)) {
            if (word.chars().anyMatch(c -> "{}*?[]\\".indexOf(c) >= 0)) {
                break;
            }
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /** @param path separators and words in turn, beginning with a separator */
    private static boolean begins(List<PathContainer.Element> path, List<String> words) {
        if (path.size() < 2 * words.size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            if (!(path.get(2 * i + 1) instanceof PathContainer.PathSegment segment)
                    || !segment.valueToMatch().equals(words.get(i))) {
                return false;
            }
        }
        return true;
    }
}
