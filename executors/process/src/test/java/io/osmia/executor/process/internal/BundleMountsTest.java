package io.osmia.executor.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Mount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BundleMountsTest {

    @Test
    void whatMustBeReadOnlyToTheLastIsSoOrFails() throws ExecutorException {
        assertThat(options(true, false)).contains("rbind", "rprivate", "ro");
        assertThat(options(true, true)).contains("rbind", "rprivate", "rro").doesNotContain("ro");
        assertThat(options(false, true)).contains("rw").doesNotContain("rro");
    }

    private static List<Object> options(boolean readOnly, boolean force) throws ExecutorException {
        var bind = new Mount.Bind("rprivate", false, false, false, force);
        var mount = new Mount(
                Mount.Type.BIND, "/srv", "/data", readOnly, "default", bind, Mount.Volume.DEFAULT, Mount.Tmpfs.DEFAULT);
        Map<String, Object> last = BundleMounts.of(List.of(mount)).getLast();
        return List.copyOf((List<?>) last.get("options"));
    }
}
