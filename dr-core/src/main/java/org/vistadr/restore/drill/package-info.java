/// Timed, verified rehearsals of a restore from one secondary alone.
@NullMarked
package org.vistadr.restore.drill;

import org.jspecify.annotations.NullMarked;
