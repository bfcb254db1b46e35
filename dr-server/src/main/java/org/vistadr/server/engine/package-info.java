/// What runs: catalog, stores, synchronizer and restores, opened from a configuration.
@NullMarked
package org.vistadr.server.engine;

import org.jspecify.annotations.NullMarked;
