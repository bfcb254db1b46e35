/// Alive, ready, protected: one class a question.
@NullMarked
package org.vistadr.server.health;

import org.jspecify.annotations.NullMarked;
