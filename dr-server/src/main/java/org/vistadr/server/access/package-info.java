/// Tokens and what they allow.
@NullMarked
package org.vistadr.server.access;

import org.jspecify.annotations.NullMarked;
