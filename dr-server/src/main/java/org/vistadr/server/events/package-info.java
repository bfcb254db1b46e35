/// What happens, told to whoever listens: events, who gets them, and where they come from.
@NullMarked
package org.vistadr.server.events;

import org.jspecify.annotations.NullMarked;
