import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites the classes of a jar that are older than Java 8 in the form of Java 8, in place. The class cache takes no
 * class of Java 5, so each start would load and verify them anew: for picocli a third of the time of a command.
 */
final class NewerClasses {

    private static final int JAVA_8 = 52;

    private NewerClasses() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Path newer = jar.resolveSibling(jar.getFileName() + ".newer");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(newer))) {
            ClassFile classFile = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(loader)));
            in.stream().forEach(entry -> copy(in, entry, out, classFile));
        }
        Files.move(newer, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(ZipFile in, ZipEntry entry, ZipOutputStream out, ClassFile classFile) {
        try {
            byte[] bytes = in.getInputStream(entry).readAllBytes();
            ZipEntry copy = new ZipEntry(entry.getName());
            copy.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
            out.putNextEntry(copy);
            out.write(entry.getName().endsWith(".class") ? newer(bytes, classFile) : bytes);
            out.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] newer(byte[] bytes, ClassFile classFile) {
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() >= JAVA_8) {
            return bytes;
        }
        // To pass each method through a transform is what gives it the stack maps that Java 8 asks for.
        return classFile.transformClass(
                model,
                ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                        .andThen(ClassTransform.endHandler(builder -> builder.withVersion(JAVA_8, 0))));
    }
}
