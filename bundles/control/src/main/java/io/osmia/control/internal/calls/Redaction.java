package io.osmia.control.internal.calls;

import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Secret;

/** What callers may see of objects that hold secrets. */
final class Redaction {

    private static final String DEFAULT_POOL = "10.0.0.0/8";
    private static final int DEFAULT_SUBNET_SIZE = 24;
    private static final int DEFAULT_VXLAN_PORT = 4789;

    private Redaction() {}

    /** Rule 1.8.3: what is not named there, a key of a later version included, is left out. */
    static Cluster cluster(Cluster cluster) {
        Cluster.Builder shown = Cluster.newBuilder()
                .setId(cluster.getId())
                .setMeta(cluster.getMeta())
                .setSpec(cluster.getSpec())
                .setRootCa(cluster.getRootCa())
                .putAllBlacklistedCertificates(cluster.getBlacklistedCertificatesMap())
                .setVXLANUDPPort(cluster.getVXLANUDPPort() == 0 ? DEFAULT_VXLAN_PORT : cluster.getVXLANUDPPort());
        shown.getSpecBuilder().getCaConfigBuilder().clearSigningCaCert().clearSigningCaKey();
        shown.getRootCaBuilder().clearCaKey();
        if (cluster.getRootCa().hasRootRotation()) {
            shown.getRootCaBuilder().getRootRotationBuilder().clearCaKey();
        }
        return addressPool(shown, cluster).build();
    }

    private static Cluster.Builder addressPool(Cluster.Builder shown, Cluster cluster) {
        return cluster.getDefaultAddressPoolCount() == 0
                ? shown.addDefaultAddressPool(DEFAULT_POOL).setSubnetSize(DEFAULT_SUBNET_SIZE)
                : shown.addAllDefaultAddressPool(cluster.getDefaultAddressPoolList())
                        .setSubnetSize(cluster.getSubnetSize());
    }

    /** Rule 1.7.3. */
    static Secret secret(Secret secret) {
        Secret.Builder shown = secret.toBuilder();
        shown.getSpecBuilder().clearData();
        return shown.build();
    }
}
