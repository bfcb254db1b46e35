/// Names of metrics and where their values come from.
@NullMarked
package org.vistadr.server.metrics;

import org.jspecify.annotations.NullMarked;
