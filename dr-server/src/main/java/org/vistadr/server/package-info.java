/// The daemon: wiring of the engine to its configuration, its HTTP API and its schedules.
@NullMarked
package org.vistadr.server;

import org.jspecify.annotations.NullMarked;
