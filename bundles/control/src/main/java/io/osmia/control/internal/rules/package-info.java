/** What a request must satisfy by itself: pure checks of rules 1.3 to 1.8, each a refusal or nothing. */
@NullMarked
package io.osmia.control.internal.rules;

import org.jspecify.annotations.NullMarked;
