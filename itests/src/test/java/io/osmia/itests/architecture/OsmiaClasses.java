package io.osmia.itests.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The classes of all modules, read once. Generated messages are left out: they are many, and depend on protobuf alone. */
final class OsmiaClasses {

    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/io/osmia/wire/swarmkit/")
                    && !location.contains("/io/osmia/wire/raftpb/")
                    && !location.contains("/io/osmia/wire/plugin/")
                    && !location.contains("/io/osmia/itests/"))
            .importPackages("io.osmia");

    private OsmiaClasses() {
    }

    /**
     * The module that a class belongs to: {@code store} for {@code io.osmia.store.internal.X},
     * {@code strategy.spread} for {@code io.osmia.strategy.spread.X}. Empty for a class that is not ours.
     */
    static String moduleOf(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        if (!name.startsWith("io.osmia.")) {
            return "";
        }
        String[] parts = name.split("\\.", -1);
        boolean plugin = parts[2].equals("executor") || parts[2].equals("strategy") || parts[2].equals("constraint");
        return plugin && parts.length > 3 ? parts[2] + "." + parts[3] : parts[2];
    }
}
