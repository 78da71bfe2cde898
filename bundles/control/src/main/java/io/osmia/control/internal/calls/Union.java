package io.osmia.control.internal.calls;

import io.osmia.store.By;
import java.util.List;
import java.util.stream.Stream;

/** The query of rule 1.3.7: names or name prefixes or id prefixes, names without regard to letter case. */
final class Union {

    private Union() {}

    /** Everything when nothing is asked for. */
    static By of(List<String> names, List<String> namePrefixes, List<String> idPrefixes) {
        List<By> terms = Stream.of(
                names.stream().map(By::name),
                namePrefixes.stream().map(By::namePrefix),
                idPrefixes.stream().map(By::idPrefix))
                .flatMap(part -> part)
                .toList();
        return terms.isEmpty() ? By.ALL : By.or(terms);
    }
}
