/// Why something is refused, in words that say what to do next.
@NullMarked
package org.vistadr.restore.refusal;

import org.jspecify.annotations.NullMarked;
