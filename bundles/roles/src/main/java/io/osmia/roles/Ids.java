package io.osmia.roles;

/** Source of object ids (rule 1.1.1: 25 characters of 0-9a-z). */
@FunctionalInterface
public interface Ids {

    String next();
}
