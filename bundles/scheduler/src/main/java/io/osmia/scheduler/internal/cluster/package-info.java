/** What the scheduler knows of nodes and what runs on them. */
@NullMarked
package io.osmia.scheduler.internal.cluster;

import org.jspecify.annotations.NullMarked;
