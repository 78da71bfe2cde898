package io.osmia.api.executor;

/**
 * What keeps a workload in its place, beside capabilities.
 *
 * @param credentialSpec of Windows
 * @param seLinux SELinux label
 * @param seccomp which system calls it may make
 * @param appArmor AppArmor profile
 * @param noNewPrivileges whether it cannot gain privileges by running programs
 */
public record Privileges(
        CredentialSpec credentialSpec, SeLinux seLinux, Seccomp seccomp, AppArmor appArmor, boolean noNewPrivileges) {

    /** The engine's defaults. */
    public static final Privileges DEFAULT =
            new Privileges(CredentialSpec.NONE, SeLinux.DEFAULT, Seccomp.DEFAULT, AppArmor.DEFAULT, false);

    /**
     * Where a credential spec is; at most one is not empty.
     *
     * @param file file name in the engine's folder
     * @param registry name in the registry of the machine
     * @param config id of a config
     */
    public record CredentialSpec(String file, String registry, String config) {

        /** None. */
        public static final CredentialSpec NONE = new CredentialSpec("", "", "");
    }

    /**
     * SELinux label; an empty part is the engine's choice.
     *
     * @param disable whether labels are off for the workload
     * @param user user part
     * @param role role part
     * @param type type part
     * @param level level part
     */
    public record SeLinux(boolean disable, String user, String role, String type, String level) {

        /** The engine's choice. */
        public static final SeLinux DEFAULT = new SeLinux(false, "", "", "", "");
    }

    /**
     * Filter of system calls.
     *
     * @param mode which
     * @param profile the profile in JSON when custom; empty otherwise
     */
    public record Seccomp(Mode mode, String profile) {

        /** The engine's profile. */
        public static final Seccomp DEFAULT = new Seccomp(Mode.DEFAULT, "");

        /** Which filter. */
        public enum Mode {
            DEFAULT,
            UNCONFINED,
            CUSTOM
        }
    }

    /** AppArmor profile. */
    public enum AppArmor {
        DEFAULT,
        DISABLED
    }
}
