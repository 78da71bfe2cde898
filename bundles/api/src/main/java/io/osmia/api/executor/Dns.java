package io.osmia.api.executor;

import java.util.List;

/**
 * How the workload looks up names.
 *
 * @param nameservers addresses of name servers
 * @param search domains to search
 * @param options resolver options, e.g. {@code ndots:2}
 */
public record Dns(List<String> nameservers, List<String> search, List<String> options) {

    /** As the engine does it. */
    public static final Dns DEFAULT = new Dns(List.of(), List.of(), List.of());

    public Dns {
        nameservers = List.copyOf(nameservers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }
}
