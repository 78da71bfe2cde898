package io.osmia.itests.harness;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node has logged since a moment. */
public final class LogTail {

    private final Path log;
    private final long begin;

    /** From now on. */
    public LogTail(Path log) throws IOException {
        this.log = log;
        this.begin = Files.exists(log) ? Files.size(log) : 0;
    }

    /** What the first group of the pattern stands for in each line that it is found in. */
    public List<String> all(Pattern pattern) throws IOException {
        return text().lines()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
    }

    private String text() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.max(0, file.length() - begin)];
            file.seek(begin);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
