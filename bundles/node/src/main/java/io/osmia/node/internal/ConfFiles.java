package io.osmia.node.internal;

import io.osmia.raft.StateException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files {@code conf/PID.cfg}: those of the state directory over those of the distribution, key by key.
 *
 * @param values by PID, then key
 */
record ConfFiles(SortedMap<String, SortedMap<String, String>> values) {

    static final ConfFiles NONE = new ConfFiles(new TreeMap<>());

    private static final String SUFFIX = ".cfg";

    /**
     * @param shipped folder of the distribution; may be missing, as may the other
     * @param own folder of the state directory
     * @throws StateException when a file cannot be read or understood
     */
    static ConfFiles read(Path shipped, Path own) {
        SortedMap<String, SortedMap<String, String>> values = new TreeMap<>();
        readFolder(shipped, values);
        readFolder(own, values);
        return new ConfFiles(values);
    }

    private static void readFolder(Path folder, Map<String, SortedMap<String, String>> values) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String pid = name.substring(0, name.length() - SUFFIX.length());
                SortedMap<String, String> into = values.computeIfAbsent(pid, p -> new TreeMap<>());
                Properties properties = properties(file);
                properties.stringPropertyNames().forEach(key -> into.put(key, properties.getProperty(key).strip()));
            }
        } catch (IOException e) {
            throw new StateException(folder, "cannot be read: " + e, e);
        }
    }

    private static Properties properties(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
            return properties;
        } catch (CharacterCodingException e) {
            throw new StateException(file, "is not a text in UTF-8", e);
        } catch (IOException e) {
            throw new StateException(file, "cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new StateException(file, "is not understood: " + e.getMessage(), e);
        }
    }

    String value(String pid, String key, String otherwise) {
        SortedMap<String, String> keys = values.getOrDefault(pid, new TreeMap<>());
        return keys.getOrDefault(key, otherwise);
    }
}
