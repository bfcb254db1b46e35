/// The HTTP API: translation between wire records and the engine.
@NullMarked
package org.vistadr.server.resources;

import org.jspecify.annotations.NullMarked;
