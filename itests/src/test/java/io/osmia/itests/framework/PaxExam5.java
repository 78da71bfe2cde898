package io.osmia.itests.framework;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * Runs each test of a class inside a Felix of its own: the class is packed into a probe bundle, and its methods are called
 * there. For plain {@link Test} methods of a public class with a public constructor; what JUnit calls before and after them
 * runs outside.
 */
final class PaxExam5 implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor {

    /** Names the jars that are installed and started beside the test, of the distribution's folder system. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(PaxExam5.class)
    @interface InFelix {
        String[] value();
    }

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(PaxExam5.class);

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Class<?> test = context.getRequiredTestClass();
        Path base = Files.createDirectories(Path.of("target", "t").toAbsolutePath());
        Path dir = Files.createTempDirectory(base, "probe");
        context.getStore(NAMESPACE).put(Path.class, dir);
        Felix felix = Felix.start(dir);
        context.getStore(NAMESPACE).put(Felix.class, felix);
        List<Bundle> bundles = felix.install(test.getAnnotation(InFelix.class).value());
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        invocation.skip();
        Felix felix = context.getStore(NAMESPACE).get(Felix.class, Felix.class);
        Class<?> inside = probe(felix, method.getExecutable()).loadClass(method.getTargetClass().getName());
        try {
            inside.getMethod(method.getExecutable().getName()).invoke(inside.getConstructor().newInstance());
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Bundle probe(Felix felix, Method method) throws IOException, BundleException {
        TestProbeBuilder builder = felix.system().createProbe();
        builder.addTest(method.getDeclaringClass(), method.getName());
        try (InputStream content = builder.build().getStream()) {
            Bundle probe = felix.context().installBundle("probe", content);
            probe.start();
            return probe;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        context.getStore(NAMESPACE).remove(Felix.class, Felix.class).close();
        try (Stream<Path> files = Files.walk(context.getStore(NAMESPACE).remove(Path.class, Path.class))) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
