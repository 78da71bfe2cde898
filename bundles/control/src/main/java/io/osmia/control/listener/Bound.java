package io.osmia.control.listener;

import io.osmia.roles.Endpoints;

/** Where the listeners can be reached. */
record Bound(String remoteAddress, String selfAddress) implements Endpoints {}
